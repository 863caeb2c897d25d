package testkit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

const petSpec = `
openapi: 3.1.0
info: {title: pets, version: "1"}
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: a pet
          headers:
            X-Age: {required: true, schema: {type: integer, minimum: 1}}
          content:
            application/json:
              schema:
                type: object
                required: [name]
                additionalProperties: false
                properties:
                  name: {type: [string, "null"]}
        "204": {description: nothing}
components:
  schemas:
    Problem: {type: object, required: [code]}
`

// listener is a test that remembers what it was told.
type listener struct {
	testing.TB
	heard string
}

func (l *listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) { l.heard = fmt.Sprintf(format, args...) }

func TestAnAnswerIsHeldToTheDocument(t *testing.T) {
	const pet, problem = "application/json; charset=utf-8", "application/problem+json"
	for _, tt := range []struct {
		name, method, path string
		status             int
		headers            string // "name value; name value"
		kind, body, want   string
	}{
		{"as documented", "GET", "/pets/1", 200, "X-Age 3", pet, `{"name":"Rex"}`, ""},
		{"as documented, in a way of OpenAPI 3.1", "GET", "/pets/1", 200, "X-Age 3", pet, `{"name":null}`, ""},
		{"without a body", "GET", "/pets/1", 204, "", "", "", ""},
		{"an unknown path", "GET", "/cats", 404, "", problem, `{"code":"not_found"}`, ""},
		{"an unknown method", "PUT", "/pets/1", 405, "Allow GET", problem, `{"code":"x"}`, ""},
		{"a status that is not", "GET", "/pets/1", 418, "", problem, `{"code":"x"}`, "status is not supported"},
		{"a missing header", "GET", "/pets/1", 200, "", pet, `{"name":"Rex"}`, `header "X-Age" missing`},
		{"a wrong header", "GET", "/pets/1", 200, "X-Age 0", pet, `{"name":"Rex"}`, `header "X-Age" doesn't match`},
		{"another media type", "GET", "/pets/1", 200, "X-Age 3", "text/plain", `{"name":"Rex"}`, "Content-Type"},
		{"a missing field", "GET", "/pets/1", 200, "X-Age 3", pet, `{}`, "name"},
		{"an unknown field", "GET", "/pets/1", 200, "X-Age 3", pet, `{"name":"Rex","key":1}`, "key"},
		{"a wrong type", "GET", "/pets/1", 200, "X-Age 3", pet, `{"name":1}`, "name"},
		{"a body that is no JSON", "GET", "/pets/1", 200, "X-Age 3", pet, `{"name"`, "decode"},
		{"success at an unknown path", "GET", "/cats", 200, "", pet, `{}`, "no operation describes it"},
		{"a refusal that is no problem document", "GET", "/cats", 404, "", "text/plain", `not found`, "problem document"},
		{"a problem without its code", "GET", "/cats", 404, "", problem, `{}`, "code"},
		{"another method without Allow", "PUT", "/pets/1", 405, "", problem, `{"code":"x"}`, "Allow"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := &http.Response{StatusCode: tt.status, Header: http.Header{"X-Request-Id": {"1"}, "Content-Type": {tt.kind}}}
			if name, value, ok := strings.Cut(tt.headers, " "); ok {
				res.Header.Set(name, value)
			}
			l := &listener{TB: t}
			testkit.CheckAnswer(l, []byte(petSpec), httptest.NewRequest(tt.method, tt.path, nil), res, []byte(tt.body))
			if (l.heard == "") != (tt.want == "") || !strings.Contains(l.heard, tt.want) {
				t.Errorf("got %q, want %q in it", l.heard, tt.want)
			}
		})
	}
}

func TestAnAnswerWithoutARequestIDIsWrong(t *testing.T) {
	l := &listener{TB: t}
	res := &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}}
	testkit.CheckAnswer(l, []byte(petSpec), httptest.NewRequest(http.MethodGet, "/pets/1", nil), res, nil)
	if !strings.Contains(l.heard, "X-Request-Id") {
		t.Errorf("got %q, want a complaint", l.heard)
	}
}

func TestADocumentThatIsWrongFailsTheCheck(t *testing.T) {
	for _, spec := range []string{"", "{", "openapi: 3.1.0", strings.Replace(petSpec, "Problem", "Other", 1)} {
		l := &listener{TB: t}
		res := &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{"X-Request-Id": {"1"}}}
		testkit.CheckAnswer(l, []byte(spec), httptest.NewRequest(http.MethodGet, "/pets/1", nil), res, nil)
		if !strings.Contains(l.heard, "the document itself is wrong") {
			t.Errorf("%.20q: got %q, want a complaint", spec, l.heard)
		}
	}
}
