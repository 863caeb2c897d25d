package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// spies gather every secret of a run and everything that the run lets out, to
// look for the one in the other.
type spies struct {
	t       *testing.T
	secrets map[string]string // what each is, by its text
	logs    []*process
	answers []said
}

// said is something that was let out.
type said struct{ by, text string }

func newSpies(t *testing.T) *spies {
	return &spies{t: t, secrets: map[string]string{appSecret: "the AppSecret"}}
}

// guard adds a secret.
func (s *spies) guard(what, text string) {
	s.t.Helper()
	if len(text) < 16 {
		s.t.Fatalf("%s is too short to look for: %q", what, text)
	}
	s.secrets[text] = what
}

// guardKeys adds the private keys in a directory, line by line.
func (s *spies) guardKeys(dir string) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.pem"))
	if err != nil || len(files) == 0 {
		s.t.Fatalf("no keys in %s: %v", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); len(line) >= 16 && !strings.HasPrefix(line, "-----") {
				s.guard("a private key", line)
			}
		}
	}
}

// hear keeps an answer. The tokens in it are secrets to all others.
func (s *spies) hear(by string, a testkit.Answer) testkit.Answer {
	s.t.Helper()
	if a.Err != nil {
		s.t.Fatalf("%s: %v", by, a.Err)
	}
	var text strings.Builder
	_ = a.Header.Write(&text) // into memory: cannot fail
	_, _ = text.Write(a.Body)
	heard := text.String()
	var own struct {
		AccessToken, RefreshToken, Token string
		Data                             struct{ Skey string }
	}
	if json.Unmarshal(a.Body, &own) == nil {
		for what, token := range map[string]string{"an access token": own.AccessToken, "a refresh token": own.RefreshToken, "a scaffold's token": own.Token, "an skey": own.Data.Skey} {
			if token != "" {
				s.guard(what, token)
				heard = strings.ReplaceAll(heard, token, "")
			}
		}
	}
	s.answers = append(s.answers, said{by, heard})
	return a
}

// wantSilence looks for every secret, in every spelling, in all that was said and
// in every file of dir.
func (s *spies) wantSilence(dir string) {
	s.t.Helper()
	heard := slices.Clone(s.answers)
	for _, p := range s.logs {
		heard = append(heard, said{"the log", p.out.String() + p.err.String()})
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		heard = append(heard, said{"the file " + d.Name(), string(raw)})
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
	for _, leak := range s.leaks(heard) {
		s.t.Error(leak)
	}
}

// leaks says which secrets are in what was heard.
func (s *spies) leaks(heard []said) []string {
	var found []string
	for secret, what := range s.secrets {
		for _, spelling := range spellings(secret) {
			for _, in := range heard {
				if at := strings.Index(in.text, spelling); at >= 0 {
					around := in.text[max(0, at-100):min(len(in.text), at+len(spelling)+20)]
					found = append(found, fmt.Sprintf("%s holds %s: …%q…", in.by, what, around))
				}
			}
		}
	}
	return found
}

// spellings are the forms in which a secret may slip out.
func spellings(secret string) []string {
	forms := []string{secret}
	if escaped := url.QueryEscape(secret); escaped != secret {
		forms = append(forms, escaped, url.PathEscape(secret))
	}
	if raw, err := base64.StdEncoding.DecodeString(secret); err == nil && len(raw) >= 16 {
		forms = append(forms, string(raw), hex.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw))
	}
	return forms
}

func TestSpiesHearASessionKeyThatIsHandedOut(t *testing.T) {
	w := inWorld(t, settings{"COMPAT_SCAFFOLD_SESSION_KEY": "true"})
	s := newSpies(t)
	code := w.code(t, "alice")
	key, err := w.wechat.SessionKey("", "alice")
	if err != nil {
		t.Fatal(err)
	}
	s.guard("a session_key", key)
	var heard []said
	for _, form := range spellings(key) {
		heard = append(heard, said{"a form", "x" + form + "x"})
	}
	s.hear("the scaffold", w.Get("/user/login?code="+code, ""))
	for _, in := range append(heard, s.answers...) {
		if len(s.leaks([]said{in})) == 0 {
			t.Errorf("the session_key was not heard in %q", in.text)
		}
	}
	if leaks := s.leaks([]said{{"nobody", "nothing"}}); len(leaks) != 0 {
		t.Errorf("got %q where nothing was said", leaks)
	}
}
