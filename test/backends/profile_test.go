package backends

import (
	"bytes"
	"image"
	"image/png"
	"os/exec"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
)

func TestReadmesMiniProgramKeepsAProfile(t *testing.T) { // F: a refused upload, a wrong phone code
	w, dir := inWorld(t, "ES256"), t.TempDir()
	write(t, dir, "package.json", `{"type":"commonjs"}`)
	write(t, dir, "session.js", strings.Replace(snippet(t, "session", "js"), "https://login.example.com", w.Base, 1))
	args := []string{"profile.mjs", config.DevAppID, write(t, dir, "profile.js", snippet(t, "profile", "js")), write(t, dir, "picture.png", pictureFile(t))}
	write(t, dir, "page.js", snippet(t, "page", "js"))
	if _, err := w.wechat.PutPerson(wechatsim.Person{Name: "bob", Phone: "13580006666"}); err != nil {
		t.Fatal(err)
	}
	for i := range 13 {
		code := w.wechat.Code
		if i == 0 {
			code = w.wechat.PhoneCode
		}
		text, err := code("", "bob")
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, text)
	}
	cmd := exec.Command(tool(t, "node"), args...)
	cmd.Dir = nodeFolder
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "done\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

// pictureFile is a small PNG.
func pictureFile(t testing.TB) string {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 12, 8))); err != nil {
		t.Fatal(err)
	}
	return file.String()
}
