package e2e

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestImportIsCompleteAndChangesNothingTheSecondTime(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s, dir := fill(t, number(t, "IMPORT_USERS", 6_000)), t.TempDir()
			env := importInto(dir)
			out, _ := s.mustImport(t, env, "--dry-run")
			s.wantCounts(t, out, len(s.Users), 0)
			if made, _ := filepath.Glob(filepath.Join(dir, "*")); len(made) != 0 {
				t.Errorf("a dry run made %v, want nothing", made)
			}
			began := time.Now()
			out, progress := s.mustImport(t, env)
			took := time.Since(began)
			s.wantCounts(t, out, len(s.Users), 0)
			s.wantPeople(t, dir)
			if strings.ContainsAny(progress, "\r\x1b") || !regexp.MustCompile(`(?m)^wxlogin: \d+ of about \d+ records, \d+ users stored, done up to --after \S+$`).MatchString(progress) {
				t.Errorf("got %q, want plain lines of how far it is", progress)
			}
			t.Logf("%d users in %v: %.0f a second\n%s", len(s.Users), took.Round(time.Millisecond), float64(len(s.Users))/took.Seconds(), out)

			before := dump(t, dir, true)
			for _, more := range [][]string{nil, {"--dry-run"}} {
				out, _ = s.mustImport(t, env, more...)
				s.wantCounts(t, out, 0, len(s.Users))
				wantSame(t, "after a second import", dump(t, dir, true), before)
			}
		})
	}
}
