package playground_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/playground"
)

type phoneFunc func(app, person string) (string, error)

func (f phoneFunc) Code(app, person string) (string, error) { return f(app, person) }

func serve(handler http.HandlerFunc, method, target string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	handler(rec, httptest.NewRequest(method, "http://127.0.0.1:8080"+target, nil))
	return rec
}

func page() *playground.Page {
	return playground.New(phoneFunc(func(app, person string) (string, error) {
		if person == "nobody" {
			return "", errors.New("simulator: CANARY-7f3a")
		}
		return "code of " + person + " in " + app, nil
	}), "wx0123456789abcdef")
}

func TestThePageRunsItsOwnScriptOnly(t *testing.T) {
	rec := serve(page().Index, http.MethodGet, "/")
	if kind := rec.Header().Get("Content-Type"); rec.Code != http.StatusOK || kind != "text/html; charset=utf-8" {
		t.Errorf("got %d %s", rec.Code, kind)
	}
	policy := map[string]string{}
	for directive := range strings.SplitSeq(rec.Header().Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = value
	}
	want := map[string]string{"default-src": "'none'", "script-src": "'self'", "connect-src": "'self'", "style-src": "'unsafe-inline'",
		"img-src": "data:", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
	if diff := cmp.Diff(want, policy); diff != "" {
		t.Errorf("the policy differs (-want +got):\n%s", diff)
	}
	body := rec.Body.String()
	if inline := regexp.MustCompile(`(?i)<script[^>]*>[^<]|\son\w+\s*=|javascript:`).FindString(body); inline != "" {
		t.Errorf("the page has a script in it, which its policy forbids: %q", inline)
	}
	if !strings.Contains(body, `<script src="/playground.js" defer></script>`) {
		t.Error("the page does not load its script")
	}
}

func TestThePageRefersToNoOtherOrigin(t *testing.T) {
	elsewhere := regexp.MustCompile(`(?i)(https?:|wss?:|["'(=]\s*//|@import|url\()`)
	for name, handler := range map[string]http.HandlerFunc{"page": page().Index, "script": page().Script} {
		if found := elsewhere.FindString(serve(handler, http.MethodGet, "/").Body.String()); found != "" {
			t.Errorf("the %s refers to %q", name, found)
		}
	}
}

func TestACodeIsThePersonsAndTheApps(t *testing.T) {
	rec := serve(page().Code, http.MethodPost, "/playground/code?person="+url.QueryEscape("小红 & co"))
	want := `{"code":"code of 小红 \u0026 co in wx0123456789abcdef"}` + "\n"
	if diff := cmp.Diff(want, rec.Body.String()); rec.Code != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", rec.Code, diff)
	}
	if kind := rec.Header().Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("got Content-Type %q", kind)
	}
}

func TestCodesAreForThisMachinesPageAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		host, origin string
		status       int
	}{
		"the page itself":        {"127.0.0.1:8080", "http://127.0.0.1:8080", http.StatusOK},
		"the page by its name":   {"localhost:8080", "http://localhost:8080", http.StatusOK},
		"over IPv6":              {"[::1]:8080", "http://[::1]:8080", http.StatusOK},
		"curl":                   {"127.0.0.1:8080", "", http.StatusOK},
		"a page of another site": {"127.0.0.1:8080", "https://evil.example", http.StatusForbidden},
		"no page of any site":    {"127.0.0.1:8080", "null", http.StatusForbidden},
		"a name pointed at us":   {"evil.example:8080", "http://evil.example:8080", http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodPost, "/playground/code", nil)
		if r.Host = tt.host; tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		rec := httptest.NewRecorder()
		page().Code(rec, r)
		if rec.Code != tt.status {
			t.Errorf("%s: got %d, want %d", name, rec.Code, tt.status)
		}
	}
}

func TestACodeThatCannotBeMadeIsAPlainFailure(t *testing.T) {
	rec := serve(page().Code, http.MethodPost, "/playground/code?person=nobody")
	if rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "CANARY") {
		t.Errorf("got %d %s, want 500 without its cause", rec.Code, rec.Body)
	}
}

// node runs Node.js, or skips where there is none and that is allowed.
func node(t *testing.T, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath("node")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("Node.js is missing")
	case err != nil:
		t.Skip("needs Node.js")
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	return out
}

// script is the page's script, as served, in a file.
func script(t *testing.T) string {
	t.Helper()
	rec := serve(page().Script, http.MethodGet, "/playground.js")
	if kind := rec.Header().Get("Content-Type"); rec.Code != http.StatusOK || kind != "text/javascript; charset=utf-8" {
		t.Errorf("got %d %s", rec.Code, kind)
	}
	path := t.TempDir() + "/playground.js"
	if err := os.WriteFile(path, rec.Body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheScriptIsJavaScript(t *testing.T) {
	node(t, "--check", script(t))
}

func TestTheButtonsLogInTwiceWithOneCodeAndAskWhoItWas(t *testing.T) {
	const answers = `[{"status":200,"body":"{\"code\":\"c-1\"}"}, {"status":200,"body":"{\"accessToken\":\"t-1\"}"},
		{"status":401,"body":"{\"code\":\"code_used\"}"}, {"status":200,"body":"{\"id\":\"<b>user</b>\"}"}]`
	var got struct {
		Requests []struct {
			Method, Path, Body string
			Headers            map[string]string
		}
		Shown []string
	}
	if err := json.Unmarshal(node(t, "testdata/browser.js", script(t), answers), &got); err != nil {
		t.Fatal(err)
	}
	var requests []string
	for _, r := range got.Requests {
		requests = append(requests, strings.TrimSpace(r.Method+" "+r.Path+" "+r.Body+r.Headers["Authorization"]))
	}
	const login = `POST /v1/login {"code":"c-1","device":{"id":"playground-1","name":"Browser","platform":"devtools"}}`
	want := []string{"POST /playground/code?person=%E5%B0%8F%E7%BA%A2%20%26%20co", login, login, "GET /v1/me Bearer t-1"}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("the requests differ (-want +got):\n%s", diff)
	}
	if len(got.Shown) != 4 || !strings.Contains(got.Shown[0], "<b>user</b>") || !strings.Contains(got.Shown[1], "401") {
		t.Errorf("got %q on the page, want the four exchanges, newest first", got.Shown)
	}
}
