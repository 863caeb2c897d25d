package backends

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/config"
	"wxlogin/domain"
)

func TestReadmesMiniProgramStaysLoggedIn(t *testing.T) { // F: answers lost
	t.Run("the only mini program", func(t *testing.T) { phone(t, inWorld(t, "ES256"), config.DevAppID) })
	t.Run("one of two", func(t *testing.T) {
		const second = "wxsecond000000002"
		w := inWorld(t, "ES256", func(cfg *config.Config) {
			cfg.WeChat.Apps = append(cfg.WeChat.Apps, config.App{ID: second, Secret: domain.NewSecret("second-secret")})
		})
		phone(t, w, second)
	})
}

// phone runs the README's client in a mini program.
func phone(t *testing.T, w *world, app string) {
	t.Helper()
	text := snippet(t, "session", "js")
	if !strings.Contains(text, "'https://login.example.com'") {
		t.Fatal("the snippet names no address to replace")
	}
	args := []string{"phone.mjs", write(t, t.TempDir(), "session.cjs", strings.Replace(text, "https://login.example.com", w.Base, 1)), w.Base, app}
	for range 5 {
		code, err := w.wechat.Code(app, "alice")
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
