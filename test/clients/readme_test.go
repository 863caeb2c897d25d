package clients

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// TestReadmeLeadsToALoggedInPage does what the README tells a developer to do, and
// then what the person with the phone does. F: answers lost, a refused upload, a
// deletion taken back.
func TestReadmeLeadsToALoggedInPage(t *testing.T) {
	w, dir := inWorld(t, nil), t.TempDir()
	copying := strings.ReplaceAll(testkit.Command(t, "copy"), "my-miniprogram", dir)
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", copying)
	cmd.Dir = testkit.Root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", copying, err, out)
	}
	for name, snippet := range map[string]string{"client.js": "client", "app.js": "app", "pages/index/index.js": "page"} {
		text := testkit.Snippet(t, snippet, "js")
		if !strings.HasPrefix(text, "// "+name+"\n") {
			t.Errorf("the snippet %s does not say that it is %s", snippet, name)
		}
		put(t, filepath.Join(dir, name), strings.Replace(text, "https://login.example.com", w.service, 1))
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 12, 8))); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "picture.png"), picture.String())
	depend(t, "*.js", "readme/*.js")
	w.run(t, "readme/page.test.js", "MINIPROGRAM="+dir)
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
