package e2e

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportListsEveryFlawInANewFile(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s, env := fill(t, 300), importInto(t.TempDir())
			file := filepath.Join(t.TempDir(), "flaws.csv")
			out, _ := s.mustImport(t, env, "--flaws", file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
			if err != nil || len(rows) < 2 {
				t.Fatalf("got %d rows and %v, want some", len(rows), err)
			}
			times := map[string]int{}
			for _, row := range rows[1:] {
				times[row[2]]++
			}
			for flaw, n := range times {
				if got := counted(t, out, flaw); got != n {
					t.Errorf("got %d times in the list, want %d: %s", n, got, flaw)
				}
			}
			for openID := range s.Users {
				if strings.Contains(string(text), openID) {
					t.Fatalf("the list has the openid %s in it", openID)
				}
			}
			if code, _, said := command(t, env, append(s.args, "--flaws", file)...); code != 1 || !strings.Contains(said, "file exists") {
				t.Errorf("a file that is there: got exit code %d and %s, want 1", code, said)
			}
			if again, err := os.ReadFile(file); string(again) != string(text) || err != nil {
				t.Errorf("a file that is there: got %d bytes and %v, want it as it was", len(again), err)
			}
		})
	}
}
