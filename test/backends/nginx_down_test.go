package backends

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

func TestNginxLetsNobodyInWhileWxloginIsDown(t *testing.T) { // F: verifier down
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		var front *testkit.Client
		var token string
		b, outer := newBackend(t), t
		t.Run("up", func(t *testing.T) {
			w := inWorld(t, "ES256")
			front, token = startNginx(outer, conf, w.Base, b.URL), w.login(t).AccessToken
			b.serves(t, "before", front.Get("/", token))
		})
		neverOpen(t, conf, b, front, token)
	})
}

func TestNginxLetsNobodyInWithoutAVerdict(t *testing.T) {
	verdicts := map[string]http.HandlerFunc{
		"an error":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"a limit":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"another way": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"nothing":     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"silence":     func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		for name, verdict := range verdicts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b, wxlogin := newBackend(t), httptest.NewServer(verdict)
				t.Cleanup(wxlogin.Close)
				neverOpen(t, conf, b, startNginx(t, conf, wxlogin.URL, b.URL), "token")
			})
		}
	})
}

// neverOpen shows that front answers with a failure, and soon.
func neverOpen(t *testing.T, conf string, b *backend, front *testkit.Client, token string) {
	t.Helper()
	status := http.StatusInternalServerError // what auth_request says by itself
	if conf == read(t, shipped) {
		status = http.StatusServiceUnavailable
	}
	for _, token := range []string{token, ""} {
		asked := time.Now()
		a := front.Get("/", token)
		b.refuses(t, "without a verdict", a, status)
		if took := time.Since(asked); took > 10*time.Second {
			t.Errorf("got the answer after %v, want it soon", took)
		}
		if status == http.StatusServiceUnavailable && (a.Code() != "unavailable" || a.Header.Get("Retry-After") != "2") {
			t.Errorf("got %s %v, want a problem document and Retry-After", a.Body, a.Header)
		}
	}
}
