package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
)

// mounted are the routes of other protocols, which the document describes with the
// service's own.
var mounted = map[string][]string{
	"/user/login": {http.MethodGet}, "/home/test": {http.MethodGet},
	"/weapp/login": {http.MethodGet}, "/weapp/user": {http.MethodGet},
	"/v1/wechat/events/:appId": {http.MethodGet, http.MethodPost},
}

// openAPI returns the document, found to be valid OpenAPI 3.1.
func openAPI(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(spec())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsValidOpenAPI31(t *testing.T) {
	doc := openAPI(t)
	if doc.OpenAPI != "3.1.0" || doc.Info.Title != "wxlogin" {
		t.Errorf("got OpenAPI %s of %q", doc.OpenAPI, doc.Info.Title)
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == "" || operation.Summary == "" || len(operation.Tags) != 1 {
				t.Errorf("%s %s lacks an id, a summary or its tag", method, path)
			}
		}
	}
}

func TestTheDocumentDescribesTheRoutesAndNoOther(t *testing.T) {
	var mounts []httpapi.Mount
	for path, methods := range mounted {
		for _, method := range methods {
			mounts = append(mounts, httpapi.Mount{Method: method, Path: path, Handler: http.NotFoundHandler()})
		}
	}
	var served, described []string
	for _, r := range build(world{cfg: everything, mounts: mounts}).Routes() {
		served = append(served, nameOf(r)+" "+asDescribed.Replace(r.Path))
	}
	for path, item := range openAPI(t).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
		if item.Extensions["x-any-method"] == true {
			described = append(described, anyMethod+" "+path)
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("routes and document differ (-served +described):\n%s", diff)
	}
}

func TestTheDocumentSaysWhatARouteDemands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		doc := openAPI(t)
		for _, o := range observe(t, build(world{cfg: everything})) {
			if o.method == anyMethod {
				continue // as the method that is described
			}
			operation := doc.Paths.Value(o.path).GetOperation(o.method)
			if described := demanded(operation); described != o.auth {
				t.Errorf("%s %s: asks for: %s; described: %s", o.method, o.path, o.auth, described)
			}
			if described := operation.Responses.Status(http.StatusTooManyRequests) != nil; described != (o.limited != "no") {
				t.Errorf("%s %s: is limited: %s; described: %v", o.method, o.path, o.limited, described)
			}
		}
	})
}

// demanded returns what an operation is described to ask for.
func demanded(operation *openapi3.Operation) string {
	if operation.Security == nil {
		return "nothing"
	}
	schemes := map[string]string{"accessToken": "token", "serviceClient": "client"}
	for _, requirement := range *operation.Security {
		for name := range requirement {
			return schemes[name]
		}
	}
	return "nothing known"
}

func TestTheDocumentListsEveryCode(t *testing.T) {
	var described []string
	for _, code := range openAPI(t).Components.Schemas["Problem"].Value.Properties["code"].Value.Enum {
		text, _ := code.(string)
		described = append(described, text)
	}
	codes := httpapi.Codes()
	slices.Sort(described)
	slices.Sort(codes)
	if diff := cmp.Diff(codes, described); diff != "" {
		t.Errorf("codes and document differ (-known +described):\n%s", diff)
	}
}

func TestTheDocumentIsServedAsItIs(t *testing.T) {
	a := ask(t, build(world{}), get("/openapi.yaml"))
	if kind := a.header.Get("Content-Type"); a.status != http.StatusOK || kind != "application/yaml" || !strings.HasPrefix(string(a.body), "openapi: 3.1.0\n") {
		t.Errorf("got %d %s %.40q", a.status, kind, a.body)
	}
}

func TestTheKeysAreServedAsTheyAre(t *testing.T) {
	a := ask(t, build(world{}), get("/.well-known/jwks.json"))
	if kind := a.header.Get("Content-Type"); a.status != http.StatusOK || kind != "application/jwk-set+json" || string(a.body) != `{"keys":[]}` {
		t.Errorf("got %d %s %s", a.status, kind, a.body)
	}
}
