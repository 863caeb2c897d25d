package e2e

import (
	"strings"
	"testing"
)

func TestDryRunThatIsStoppedNamesNoRecord(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s := fill(t, 12_000)
			p := start(t, t.TempDir(), importInto(t.TempDir()), "wxlogin", append(s.args, "--dry-run")...)
			p.says(t, &p.err, `\d+ users would be stored\n`)
			p.terminate(t)
			stopped := p.exits(t, patience) != 0 // else it was faster
			if said := p.err.String(); stopped != strings.Contains(said, "wxlogin: the import was stopped\n") || strings.Contains(said, "--after") || strings.Contains(said, "users stored") {
				t.Errorf("got %s, want that it was stopped and nowhere to go on from", said)
			}
		})
	}
}
