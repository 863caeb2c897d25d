package integration

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// picture is a PNG of that size.
func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// pathOf is where the service itself has what a URL of its own names.
func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u.Path
}

func TestPictureIsUploadedShownAndReplaced(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		first := w.Upload("/v1/me/avatar", login.AccessToken, picture(t, 300, 200)).User(t)
		if !strings.HasPrefix(first.AvatarURL, w.cfg.Tokens.Issuer+"/v1/avatars/") {
			t.Fatalf("got %q, want an address of the service", first.AvatarURL)
		}
		shown := w.Get(pathOf(t, first.AvatarURL), "")
		img, err := jpeg.Decode(bytes.NewReader(shown.Body))
		if err != nil || img.Bounds().Dx() != ports.AvatarSide || img.Bounds().Dy() != ports.AvatarSide {
			t.Errorf("got %d, %v: want a square of %d", shown.Status, err, ports.AvatarSide)
		}
		bare := w.Send(http.MethodPut, "/v1/me/avatar", string(picture(t, 10, 10)), testkit.Bearer(login.AccessToken), testkit.With("Content-Type", "image/png"))
		second := bare.User(t)
		wantStatus(t, "the old picture", w.Get(pathOf(t, first.AvatarURL), ""), 404, "not_found")
		wantStatus(t, "the new one", w.Get(pathOf(t, second.AvatarURL), ""), 200, "")
		if me := w.login(t, "alice"); me.User.AvatarURL != second.AvatarURL {
			t.Errorf("at the next login: got %q, want %q", me.User.AvatarURL, second.AvatarURL)
		}
	})
}

func TestWhatIsNoPictureIsRefusedAndLosesNothing(t *testing.T) { // T-16, T-17
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		before := w.Upload("/v1/me/avatar", login.AccessToken, picture(t, 20, 20)).User(t)
		for what, tt := range map[string]struct {
			file   []byte
			status int
			code   string
		}{
			"nothing":                {nil, 422, "avatar_invalid"},
			"SVG":                    {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 422, "avatar_invalid"},
			"HTML":                   {[]byte("<html><script>alert(1)</script>"), 422, "avatar_invalid"},
			"half a picture":         {picture(t, 64, 64)[:200], 422, "avatar_invalid"},
			"one of 5000 pixels":     {picture(t, 5000, 1), 422, "avatar_invalid"},
			"two MiB and a byte":     {make([]byte, 2<<20+1), 413, "payload_too_large"},
			"two MiB of nothing":     {make([]byte, 2<<20), 422, "avatar_invalid"},
			"an address of a server": {[]byte("http://169.254.169.254/latest/meta-data"), 422, "avatar_invalid"},
		} {
			wantStatus(t, what, w.Upload("/v1/me/avatar", login.AccessToken, tt.file), tt.status, tt.code)
		}
		wantStatus(t, "as JSON", w.Put("/v1/me/avatar", login.AccessToken, map[string]string{"avatarUrl": "https://example.com/a.jpg"}), 415, "unsupported_media_type")
		if me := w.Get("/v1/me", login.AccessToken).User(t); me.AvatarURL != before.AvatarURL {
			t.Errorf("afterwards: got %q, want %q", me.AvatarURL, before.AvatarURL)
		}
		wantStatus(t, "the picture", w.Get(pathOf(t, before.AvatarURL), ""), 200, "")
	})
}

func TestPolyglotLosesWhatIsNoPicture(t *testing.T) { // T-16
	w := inMemory(t)
	login := w.login(t, "alice")
	const canary = "<script>canary</script>"
	user := w.Upload("/v1/me/avatar", login.AccessToken, append(picture(t, 30, 30), canary...)).User(t)
	if shown := w.Get(pathOf(t, user.AvatarURL), ""); shown.Status != 200 || bytes.Contains(shown.Body, []byte("canary")) {
		t.Errorf("got %d and %d bytes with the canary in them", shown.Status, len(shown.Body))
	}
}
