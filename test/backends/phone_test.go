package backends

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadmesMiniProgramStaysLoggedIn(t *testing.T) { // F: answers lost
	w := inWorld(t, "ES256")
	text := snippet(t, "session", "js")
	if !strings.Contains(text, "'https://login.example.com'") {
		t.Fatal("the snippet names no address to replace")
	}
	args := []string{"phone.mjs", write(t, t.TempDir(), "session.cjs", strings.Replace(text, "https://login.example.com", w.Base, 1)), w.Base}
	for range 5 {
		code, err := w.wechat.Code("", "alice")
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, code)
	}
	cmd := exec.Command(tool(t, "node"), args...)
	cmd.Dir = filepath.Join(nodeFolder)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "done\n" {
		t.Errorf("%v\n%s", err, out)
	}
}
