package playground_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/playground"
	"wxlogin/clients/miniprogram"
)

// serve has the page answer a request of its own machine's.
func serve(page *playground.Page, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+target, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	rec := httptest.NewRecorder()
	for _, route := range page.Routes() {
		if route.Method == method && route.Path == r.URL.Path {
			route.Handler(rec, r)
			return rec
		}
	}
	rec.WriteHeader(http.StatusNotFound)
	return rec
}

func TestThePageRunsItsOwnScriptsOnly(t *testing.T) {
	page, _ := staged()
	rec := serve(page, http.MethodGet, "/", "")
	if kind := rec.Header().Get("Content-Type"); rec.Code != http.StatusOK || kind != "text/html; charset=utf-8" {
		t.Errorf("got %d %s", rec.Code, kind)
	}
	policy := map[string]string{}
	for directive := range strings.SplitSeq(rec.Header().Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = value
	}
	want := map[string]string{
		"default-src": "'none'", "script-src": "'self'", "connect-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
		"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
	}
	if diff := cmp.Diff(want, policy); diff != "" {
		t.Errorf("the policy differs (-want +got):\n%s", diff)
	}
	if inline := regexp.MustCompile(`(?i)<script[^>]*>[^<]|<style|\sstyle\s*=|\son\w+\s*=|javascript:`).FindString(rec.Body.String()); inline != "" {
		t.Errorf("the page has something in it that its policy forbids: %q", inline)
	}
}

func TestThePageLoadsOnlyWhatItServes(t *testing.T) {
	page, _ := staged()
	refers := regexp.MustCompile(`(?:src|href)="([^"]+)"|from "([^"]+)"|import "([^"]+)"`)
	served := map[string]bool{"/openapi.yaml": true} // the service's own
	for _, route := range page.Routes() {
		served[route.Path] = true
	}
	for _, route := range page.Routes() {
		if route.Method != http.MethodGet || (!strings.Contains(route.Path, ".") && route.Path != "/") {
			continue
		}
		rec := serve(page, http.MethodGet, route.Path, "")
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") == "" || rec.Body.Len() == 0 {
			t.Errorf("%s: got %d %q with %d bytes", route.Path, rec.Code, rec.Header().Get("Content-Type"), rec.Body.Len())
		}
		if route.Path == "/playground/sdk.js" { // which loads nothing
			continue
		}
		for _, found := range refers.FindAllStringSubmatch(rec.Body.String(), -1) {
			path := strings.Replace(found[1]+found[2]+found[3], "./", "/playground/", 1)
			if !served[path] {
				t.Errorf("%s refers to %s, which is not served", route.Path, path)
			}
		}
	}
}

func TestThePageRefersToNoOtherOrigin(t *testing.T) {
	page, _ := staged()
	elsewhere := regexp.MustCompile(`(?i)(\bhttps?:|\bwss?:|["'(=]\s*//|@import)|\burl\("?[^"')]*:`)
	for _, route := range page.Routes() {
		if route.Method != http.MethodGet || !strings.Contains(route.Path, ".") || route.Path == "/playground/sdk.js" {
			continue
		}
		text := strings.ReplaceAll(serve(page, http.MethodGet, route.Path, "").Body.String(), "http://www.w3.org/2000/svg", "")
		if found := elsewhere.FindString(text); found != "" {
			t.Errorf("%s refers to %q", route.Path, found)
		}
	}
}

func TestNothingIsEverParsedAsHTML(t *testing.T) {
	page, _ := staged()
	parses := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function`)
	for _, route := range page.Routes() {
		if !strings.HasSuffix(route.Path, ".js") || route.Path == "/playground/sdk.js" {
			continue
		}
		if found := parses.FindString(serve(page, http.MethodGet, route.Path, "").Body.String()); found != "" {
			t.Errorf("%s uses %s: what people type must stay text", route.Path, found)
		}
	}
}

func TestTheSDKIsServedUnchanged(t *testing.T) {
	page, _ := staged()
	rec := serve(page, http.MethodGet, "/playground/sdk.js", "")
	if kind := rec.Header().Get("Content-Type"); kind != "text/javascript; charset=utf-8" {
		t.Errorf("got %s", kind)
	}
	if !strings.Contains(rec.Body.String(), string(miniprogram.SDK)) {
		t.Error("the script does not hold the SDK's text as it is built")
	}
}
