package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"wxlogin/adapters/httpapi"
	"wxlogin/test/testkit"
)

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// problem is a problem document as clients see it.
type problem struct {
	Type, Title, Code, Detail, RequestID string
	Status                               int
	Errors                               []struct{ Field, Rule string }
	Checks                               map[string]string
	Error                                string
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		t.Errorf("got Content-Type %q, want a problem document", kind)
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("got body %q, want a problem document: %v", a.body, err)
	}
	return p
}

// serve sends r straight to the server's routes.
func serve(s *httpapi.Server, r *http.Request) answer {
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.Bytes()}
}

// ask is serve, and holds the answer to the OpenAPI document.
func ask(t *testing.T, s *httpapi.Server, r *http.Request) answer {
	t.Helper()
	a := serve(s, r)
	testkit.CheckAnswer(t, spec(), r, &http.Response{StatusCode: a.status, Header: a.header}, a.body)
	return a
}

// spec is the OpenAPI document as the service shows it.
var spec = sync.OnceValue(func() []byte {
	return serve(build(world{}), httptest.NewRequest(http.MethodGet, "/openapi.yaml", nil)).body
})

func get(path string, headers ...string) *http.Request {
	return with(httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

func post(body string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/v1/login", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return with(r, headers...)
}

// sends is a request with a body of JSON.
func sends(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	return with(r, append(headers, "Content-Type", "application/json")...)
}

// sendsForm is a request with parameters in a form, given as name=value&….
func sendsForm(path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	return with(r, append(headers, "Content-Type", "application/x-www-form-urlencoded")...)
}

// without is a request that has no body and says nothing of one.
func without(method, path string, headers ...string) *http.Request {
	return with(httptest.NewRequest(method, path, nil), headers...)
}

// with adds headers, given as name, value, name, value.
func with(r *http.Request, headers ...string) *http.Request {
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}
