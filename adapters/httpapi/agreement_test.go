package httpapi_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// The document and the service say yes and no to the same bodies, as far as a
// schema can tell: it sees no bytes and no name twice.
func TestTheDocumentRefusesWhatTheServiceRefuses(t *testing.T) {
	s, schema := build(world{}), openAPI(t).Components.Schemas["LoginRequest"].Value
	for _, body := range bodies(t) {
		a := serve(s, post(body))
		if a.status != http.StatusOK {
			bytesOnly := func(f fault) bool { return f.Rule == "json" || f.Rule == "utf8" || f.Rule == "duplicate" }
			if slices.ContainsFunc(a.problem(t).Errors, bytesOnly) {
				continue
			}
		}
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Errorf("%.200s: %v", body, err)
		}
		err := schema.VisitJSON(value, openapi3.EnableJSONSchema2020())
		if (err == nil) != (a.status == http.StatusOK) {
			t.Errorf("%.200s: the service says %d, the document: %v", body, a.status, err)
		}
	}
}

// What WeChat hands out can be sent as it is, by the document too.
func TestTheDocumentAllowsWhatUsersSend(t *testing.T) {
	schemas := openAPI(t).Components.Schemas
	for path, name := range map[string]string{"/v1/me": "NicknameRequest", "/v1/me/profile": "OpenDataRequest", "/v1/me/phone": "PhoneRequest"} {
		for _, o := range own {
			if o.path == path && !accepts(schemas[name].Value, o.body) {
				t.Errorf("%s %s: the document refuses it", o.path, o.body)
			}
		}
	}
}

// accepts reports whether the document allows a body.
func accepts(schema *openapi3.Schema, body string) bool {
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return false
	}
	return schema.VisitJSON(value, openapi3.EnableJSONSchema2020()) == nil
}

// bodies returns logins, right and wrong in one thing.
func bodies(t *testing.T) []string {
	t.Helper()
	all := []string{`{"code":"a"}`, `{"code":"a","device":{},"profile":{}}`, `{"code":"a","profile":{"encryptedData":"x","iv":"y"}}`,
		`{"code":"a","profile":{"encryptedData":"x"}}`, `{"code":"a","profile":{"rawData":"x"}}`}
	for _, b := range wrongBodies {
		all = append(all, b.body)
	}
	for field, most := range fieldLimits {
		for _, value := range []string{"", "a\nb", strings.Repeat("名", min(most, 9000)), strings.Repeat("a", most), strings.Repeat("a", most+1)} {
			if control := strings.Contains(value, "\n"); value == "" && field != "code" || control && !slices.Contains(plainFields, field) {
				continue
			}
			all = append(all, loginWith(t, field, value))
		}
	}
	for id := range deviceIDs {
		all = append(all, loginWith(t, "device.id", id))
	}
	return all
}
