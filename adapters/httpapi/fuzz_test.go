package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"wxlogin/ports"
)

// FuzzLoginBody looks for a body that makes the service fail, or that it takes
// although the document forbids it.
func FuzzLoginBody(f *testing.F) {
	for _, b := range wrongBodies {
		f.Add([]byte(b.body))
	}
	f.Add([]byte(`{"code":"a"}`))
	f.Add([]byte(`{"appId":"wx1","code":"a","device":{"id":"12345678","name":"x","platform":"ios"}}`))
	f.Add([]byte(`{"code":"\ud83d\ude00","profile":{"encryptedData":"x","iv":"x","rawData":"{}","signature":"0"}}`))
	f.Add([]byte(`{"code":"\ud800","device":{"name":"\u0000"}}`))
	var code string
	s := build(world{login: func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
		code = c.Code.Reveal()
		return aliceLogin(), nil
	}})
	schema := openAPI(f).Components.Schemas["LoginRequest"].Value
	f.Fuzz(func(t *testing.T, body []byte) {
		r := post("")
		r.Body = readCloser{bytes.NewReader(body)}
		a := serve(s, r)
		switch a.status {
		case http.StatusOK:
			var value map[string]any
			if err := json.Unmarshal(body, &value); err != nil {
				t.Fatalf("%q was taken for JSON: %v", body, err)
			}
			if value["code"] != code {
				t.Errorf("%q: the use case got code %q", body, code)
			}
			if err := schema.VisitJSON(value, openapi3.EnableJSONSchema2020()); err != nil {
				t.Errorf("%q was taken against the document: %v", body, err)
			}
		case http.StatusBadRequest:
			if faults := a.problem(t).Errors; len(faults) == 0 || len(a.body) > 8192 {
				t.Errorf("%q: got %d faults in %d bytes", body, len(faults), len(a.body))
			}
		case http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("%q: got %d %s", body, a.status, a.body)
		}
	})
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func BenchmarkPostLogin(b *testing.B) {
	s := build(world{})
	const body = `{"code":"0a3Kd0000abcdefghijklmnop","device":{"id":"device-0001","name":"iPhone 15","platform":"ios"}}`
	b.ReportAllocs()
	for b.Loop() {
		if a := serve(s, post(body)); a.status != http.StatusOK {
			b.Fatalf("got %d", a.status)
		}
	}
}
