package httpapi_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// RFC 8414 section 3.3: a client compares the issuer byte for byte with the one that
// it started from, and with the "iss" of tokens.
func TestTheMetadataNamesTheIssuerAsItIs(t *testing.T) {
	for issuer, base := range map[string]string{
		"https://login.example.com":       "https://login.example.com",
		"https://login.example.com/":      "https://login.example.com",
		"https://example.com/login":       "https://example.com/login",
		"https://example.com/login/":      "https://example.com/login",
		"http://127.0.0.1:8080":           "http://127.0.0.1:8080",
		"https://登录.example.com/a&b<c>?'": "https://登录.example.com/a&b<c>?'",
	} {
		a := ask(t, build(world{issuer: issuer}), get("/.well-known/oauth-authorization-server"))
		var got map[string]any
		if err := json.Unmarshal(a.body, &got); err != nil || a.status != http.StatusOK {
			t.Fatalf("got %d %s: %v", a.status, a.body, err)
		}
		want := map[string]any{
			"issuer":                                issuer,
			"jwks_uri":                              base + "/.well-known/jwks.json",
			"token_endpoint":                        base + "/v1/token",
			"token_endpoint_auth_methods_supported": []any{"none"},
			"grant_types_supported":                 []any{"refresh_token"},
			"response_types_supported":              []any{},
			"introspection_endpoint":                base + "/v1/token/introspect",
			"introspection_endpoint_auth_methods_supported": []any{"client_secret_basic"},
			"revocation_endpoint":                           base + "/v1/token/revoke",
			"revocation_endpoint_auth_methods_supported":    []any{"client_secret_basic"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: differs (-want +got):\n%s", issuer, diff)
		}
	}
}

// What the metadata points to is there.
func TestTheMetadataPointsToRoutes(t *testing.T) {
	s := build(world{issuer: "http://example.com"}) // where requests of these tests go
	var metadata map[string]any
	if err := json.Unmarshal(serve(s, get("/.well-known/oauth-authorization-server")).body, &metadata); err != nil {
		t.Fatal(err)
	}
	for name, method := range map[string]string{"jwks_uri": "GET", "token_endpoint": "POST", "introspection_endpoint": "POST", "revocation_endpoint": "POST"} {
		address, _ := metadata[name].(string)
		if a := serve(s, without(method, address)); a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed {
			t.Errorf("%s %s: got %d", method, address, a.status)
		}
	}
}
