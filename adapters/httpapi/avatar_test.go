package httpapi_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
)

const upload = "/v1/me/avatar"

// form is a body with these fields, as wx.uploadFile sends it.
func form(t *testing.T, fields ...string) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		part, err := w.CreateFormFile(fields[i], "tmp_1.jpg")
		if err == nil {
			_, err = io.WriteString(part, fields[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// uploads is a request with a body that is or holds a picture.
func uploads(method, kind string, body io.Reader, headers ...string) *http.Request {
	return with(httptest.NewRequest(method, upload, body), append(headers, "Content-Type", kind)...)
}

func TestAPictureIsTakenAsAFormOrAsItIs(t *testing.T) {
	big := strings.Repeat("p", httpapi.MaxPicture)
	for _, picture := range []string{"a picture", big} {
		body, kind := form(t, "user", "x", "file", picture)
		for name, r := range map[string]*http.Request{
			"PUT form":    uploads("PUT", kind, bytes.NewReader(body), asAlice...),
			"POST form":   uploads("POST", kind, bytes.NewReader(body), asAlice...),
			"of no size":  uploads("POST", kind, io.MultiReader(bytes.NewReader(body)), asAlice...),
			"jpeg":        uploads("PUT", "image/jpeg", strings.NewReader(picture), asAlice...),
			"anything":    uploads("PUT", "application/octet-stream", strings.NewReader(picture), asAlice...),
			"of no size ": uploads("PUT", "image/png", io.MultiReader(strings.NewReader(picture)), asAlice...),
		} {
			did := &owner{}
			a := serve(build(world{owner: did}), r)
			if a.status != http.StatusOK || string(did.picture) != picture || len(did.done) != 1 || did.done[0] != "avatar of user-1" {
				t.Errorf("%s of %d bytes: got %d %s, %d bytes, %v", name, len(picture), a.status, a.body, len(did.picture), did.done)
			}
		}
	}
}

func TestWhatIsNoUploadIsRefused(t *testing.T) {
	tooBig := strings.Repeat("p", httpapi.MaxPicture+1)
	bigForm, kind := form(t, "file", tooBig)
	other, otherKind := form(t, "picture", "a picture")
	late, lateKind := form(t, "other", strings.Repeat("x", httpapi.MaxPicture+100_000), "file", "a picture")
	cut, cutKind := form(t, "file", "a picture")
	for name, tt := range map[string]struct {
		r      *http.Request
		status int
	}{
		"a byte too many":            {uploads("PUT", "image/jpeg", strings.NewReader(tooBig), asAlice...), 413},
		"many, of no size":           {uploads("PUT", "image/jpeg", io.MultiReader(strings.NewReader(tooBig)), asAlice...), 413},
		"a byte too many in a form":  {uploads("POST", kind, bytes.NewReader(bigForm), asAlice...), 413},
		"the same, of no size":       {uploads("POST", kind, io.MultiReader(bytes.NewReader(bigForm)), asAlice...), 413},
		"a form that is too long":    {uploads("POST", lateKind, io.MultiReader(bytes.NewReader(late)), asAlice...), 413},
		"a form without a file":      {uploads("POST", otherKind, bytes.NewReader(other), asAlice...), 400},
		"a form that breaks off":     {uploads("POST", cutKind, bytes.NewReader(cut[:len(cut)-20]), asAlice...), 400},
		"a form without a boundary":  {uploads("POST", "multipart/form-data", bytes.NewReader(cut), asAlice...), 400},
		"no form where there is one": {uploads("POST", cutKind, strings.NewReader("hello"), asAlice...), 400},
		"JSON":                       {uploads("PUT", "application/json", strings.NewReader(`{"avatarUrl":"http://127.0.0.1/"}`), asAlice...), 415},
		"SVG":                        {uploads("PUT", "image/svg+xml", strings.NewReader("<svg/>"), asAlice...), 415},
		"nothing said":               {with(httptest.NewRequest("PUT", upload, strings.NewReader("x")), asAlice...), 415},
	} {
		did := &owner{}
		if a := serve(build(world{owner: did}), tt.r); a.status != tt.status || len(did.done) > 0 {
			t.Errorf("%s: got %d %s, did %v, want %d", name, a.status, a.body, did.done, tt.status)
		}
	}
}

func TestTheTypesOfAnUploadAreTold(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		a := ask(t, build(world{}), uploads("PUT", "application/json", strings.NewReader("{}"), append(asAlice, "Accept-Language", language)...))
		p := a.problem(t)
		for _, kind := range []string{"multipart/form-data", "image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream"} {
			if !strings.Contains(p.Detail, kind) || strings.Contains(p.Detail, "JSON") || p.Code != "unsupported_media_type" {
				t.Errorf("got %s %q, want %s in it, and no JSON", p.Code, p.Detail, kind)
			}
		}
	}
}

func TestAPictureThatIsNoneIsToldAsSuch(t *testing.T) {
	for err, want := range map[error]int{domain.ErrAvatarInvalid: 422, domain.ErrOverloaded: 503, domain.ErrStoreUnavailable: 503, errors.New("x"): 500} {
		a := ask(t, build(world{owner: &owner{err: err}}), uploads("PUT", "image/png", strings.NewReader("x"), asAlice...))
		if a.status != want {
			t.Errorf("%v: got %d, want %d", err, a.status, want)
		}
	}
}

func TestNobodyUploadsWithoutAToken(t *testing.T) {
	did := &owner{}
	if a := ask(t, build(world{owner: did}), uploads("PUT", "image/png", strings.NewReader("x"))); a.status != 401 || len(did.done) > 0 {
		t.Errorf("got %d, did %v", a.status, did.done)
	}
}

// T-16: whatever a picture is, a browser takes it for a picture and for nothing else.
func TestAPictureIsShownAsAPictureForAYear(t *testing.T) {
	a := ask(t, build(world{}), get("/v1/avatars/"+string(alicesAvatar)))
	if a.status != http.StatusOK || string(a.body) != "a JPEG" {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable",
		"ETag": `"` + string(alicesAvatar) + `"`, "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestAPictureThatTheClientHasIsNotSentAgain(t *testing.T) {
	tag := `"` + string(alicesAvatar) + `"`
	for _, held := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		a := ask(t, build(world{}), get("/v1/avatars/"+string(alicesAvatar), "If-None-Match", held))
		if a.status != http.StatusNotModified || len(a.body) > 0 {
			t.Errorf("%s: got %d and %d bytes", held, a.status, len(a.body))
		}
	}
	if a := ask(t, build(world{}), get("/v1/avatars/"+string(alicesAvatar), "If-None-Match", `"other"`)); a.status != http.StatusOK {
		t.Errorf("another tag: got %d, want 200", a.status)
	}
}

func TestNamesOfNoPictureAreNotFound(t *testing.T) {
	did := &owner{}
	for _, name := range []string{strings.Repeat("b", 63), "x", "..%2f..%2fwxlogin.db", string(alicesAvatar) + "x", "%00", strings.Repeat("é", 40)} {
		a := ask(t, build(world{owner: did}), get("/v1/avatars/"+name))
		if a.status != http.StatusNotFound || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d, cached %q", name, a.status, a.header.Get("Cache-Control"))
		}
	}
}
