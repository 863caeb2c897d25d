package backends

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"wxlogin/test/testkit"
)

func TestNginxPassesBodiesOnWhole(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front, token := startNginx(t, conf, w.Base, b.URL), w.login(t).AccessToken
		for _, size := range []int{0, 1, 20_000, 900_000} { // the default limit is 1 MiB
			sent := make([]byte, size)
			_, _ = rand.Read(sent) // never fails
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				for _, chunked := range []bool{false, true} {
					what := fmt.Sprintf("%s of %d bytes, chunked %v", method, size, chunked)
					r, got := b.serves(t, what, send(t, front, method, token, sent, chunked))
					if r.Method != method || !bytes.Equal(got, sent) {
						t.Errorf("%s: the backend got %s and %d bytes, or others", what, r.Method, len(got))
					}
					b.refuses(t, what, send(t, front, method, "garbage", sent, chunked), http.StatusUnauthorized)
				}
			}
		}
	})
}

func send(t testing.TB, c *testkit.Client, method, token string, body []byte, chunked bool) testkit.Answer {
	t.Helper()
	var text io.Reader = bytes.NewReader(body)
	if chunked {
		text = io.MultiReader(text) // of unknown length
	}
	req, err := http.NewRequest(method, c.Base+"/orders", text)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := c.HTTP.Do(req)
	if err != nil {
		return testkit.Answer{Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	return testkit.Answer{Status: res.StatusCode, Header: res.Header, Body: got, Err: err}
}

func TestNginxAsksOverConnectionsThatItKeeps(t *testing.T) {
	var opened sync.Map
	b := newBackend(t)
	wxlogin := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.ContentLength != 0 || r.Header.Get("Cookie") != "" {
			t.Errorf("wxlogin was asked with %s, %d bytes and cookies %q, want the token alone", r.Method, r.ContentLength, r.Header["Cookie"])
		}
	}))
	wxlogin.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Store(c.RemoteAddr().String(), true)
		}
	}
	wxlogin.Start()
	t.Cleanup(wxlogin.Close)
	front := startNginx(t, read(t, shipped), wxlogin.URL, b.URL)
	for range 20 {
		b.serves(t, "a request", front.Send(http.MethodPost, "/", "body", testkit.Bearer("token"), testkit.With("Cookie", "a=b")))
	}
	n := 0
	opened.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("got %d connections to wxlogin for 20 requests, want one", n)
	}
}
