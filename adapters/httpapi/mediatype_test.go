package httpapi_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wxlogin/adapters/httpapi"
)

func TestOnlyJSONInUTF8IsRead(t *testing.T) {
	for kind, want := range map[string]int{
		"application/json":                   http.StatusOK,
		"application/json; charset=utf-8":    http.StatusOK,
		"Application/JSON;Charset=\"UTF-8\"": http.StatusOK,
		"":                                   http.StatusUnsupportedMediaType,
		"application/json; charset=latin1":   http.StatusUnsupportedMediaType,
		"application/json; charset=utf-8; charset=latin1": http.StatusUnsupportedMediaType,
		"application/jsonp":                 http.StatusUnsupportedMediaType,
		"application/problem+json":          http.StatusUnsupportedMediaType,
		"application/x-www-form-urlencoded": http.StatusUnsupportedMediaType,
		"application/xml":                   http.StatusUnsupportedMediaType,
		"multipart/form-data; boundary=x":   http.StatusUnsupportedMediaType,
		"text/json":                         http.StatusUnsupportedMediaType,
		"text/plain":                        http.StatusUnsupportedMediaType,
		"*/*":                               http.StatusUnsupportedMediaType,
		"application/json, text/plain":      http.StatusUnsupportedMediaType,
	} {
		r := post(`{"code":"a"}`)
		r.Header.Del("Content-Type")
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		a := ask(t, build(world{}), r)
		if a.status != want {
			t.Errorf("Content-Type %q: got %d, want %d", kind, a.status, want)
		}
		if want != http.StatusOK && a.problem(t).Code != "unsupported_media_type" {
			t.Errorf("Content-Type %q: got %s", kind, a.body)
		}
	}
}

func TestABodyIsAtMost64KiB(t *testing.T) {
	const rest = len(`{"code":"a"}`)
	for size, want := range map[int]int{
		httpapi.MaxBody:     http.StatusOK,
		httpapi.MaxBody + 1: http.StatusRequestEntityTooLarge,
		httpapi.MaxBody * 9: http.StatusRequestEntityTooLarge,
	} {
		body := `{"code":"a"` + strings.Repeat(" ", size-rest) + `}`
		for name, reader := range map[string]io.Reader{"announced": strings.NewReader(body), "chunked": io.MultiReader(strings.NewReader(body))} {
			r := httptest.NewRequest(http.MethodPost, "/v1/login", reader)
			r.Header.Set("Content-Type", "application/json")
			if a := ask(t, build(world{}), r); a.status != want {
				t.Errorf("%s, %d bytes: got %d, want %d", name, size, a.status, want)
			}
		}
	}
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/v1/login", io.MultiReader(strings.NewReader(`{"code":`), brokenReader{}))
	r.Header.Set("Content-Type", "application/json")
	a := ask(t, refusesLogins(t), r)
	if p := a.problem(t); a.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0] != (fault{"", "body"}) {
		t.Errorf("got %d %s, want 400 and the rule body", a.status, a.body)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }
