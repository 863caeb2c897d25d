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

// TestReadmeLeadsToALoggedInPage does what the README tells a developer to do, with
// an AppID and without one, and then what the person with the phone does. F: answers
// lost, a refused upload, a session ended elsewhere, a deletion taken back.
func TestReadmeLeadsToALoggedInPage(t *testing.T) {
	w, dir, simulated := inWorld(t, nil), t.TempDir(), t.TempDir()
	for _, command := range []string{"copy", "copy"} { // whoever is unsure types it again
		shell(t, command, dir)
	}
	client := snippet(t, "client", "client.js")
	put(t, filepath.Join(dir, "client.js"), replaced(t, client, "https://login.example.com", w.service))

	// Without an AppID: the simulator beside it.
	shell(t, "copy", simulated)
	shell(t, "simulator", simulated)
	_, askAgain, _ := strings.Cut(client, "})\n\n")
	askAgain, _, _ = strings.Cut(askAgain, "\n\nmodule.exports")
	changed := replaced(t, snippet(t, "simulated", "client.js"), "// askAgain as above", askAgain)
	put(t, filepath.Join(simulated, "client.js"), replaced(t, changed, "http://127.0.0.1:8080", w.service))
	config, err := os.ReadFile(filepath.Join(simulated, "config.js"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(simulated, "config.js"), replaced(t, string(config), "http://127.0.0.1:8081", w.simulator))

	for _, folder := range []string{dir, simulated} {
		put(t, filepath.Join(folder, "app.js"), snippet(t, "app", "app.js"))
		put(t, filepath.Join(folder, "pages/index/index.js"), snippet(t, "page", "pages/index/index.js"))
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 12, 8))); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "picture.png"), picture.String())
	depend(t, "*.js", "readme/*.js")
	w.run(t, "readme/page.test.js", "MINIPROGRAM="+dir, "SIMULATED="+simulated)
}

// shell runs a command of the README's on the mini program in dir.
func shell(t testing.TB, name, dir string) {
	t.Helper()
	command := replaced(t, testkit.Command(t, name), "my-miniprogram", dir)
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", command)
	cmd.Dir = testkit.Root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
}

// snippet returns a block of the README's that says which file it is.
func snippet(t testing.TB, name, file string) string {
	t.Helper()
	text := testkit.Snippet(t, name, "js")
	if !strings.HasPrefix(text, "// "+file+"\n") {
		t.Errorf("the snippet %s does not say that it is %s", name, file)
	}
	return text
}

func replaced(t testing.TB, text, from, to string) string {
	t.Helper()
	if !strings.Contains(text, from) {
		t.Fatalf("there is no %q in:\n%s", from, text)
	}
	return strings.ReplaceAll(text, from, to)
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
