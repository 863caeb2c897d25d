package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// fault is one entry of a problem's errors.
type fault = struct{ Field, Rule string }

// wrongBodies are bodies that are no login, each with every fault in it.
var wrongBodies = []struct {
	name string
	body string
	want []fault
}{
	{"nothing", ``, []fault{{"", "json"}}},
	{"blank", " \n\t", []fault{{"", "json"}}},
	{"half an object", `{"code":"a"`, []fault{{"", "json"}}},
	{"no JSON", `code=a`, []fault{{"", "json"}}},
	{"a comment", `{"code":"a"/**/}`, []fault{{"", "json"}}},
	{"a trailing comma", `{"code":"a",}`, []fault{{"", "json"}}},
	{"single quotes", `{'code':'a'}`, []fault{{"", "json"}}},
	{"a byte order mark", "\ufeff" + `{"code":"a"}`, []fault{{"", "json"}}},
	{"a raw line break in a string", "{\"code\":\"a\nb\"}", []fault{{"", "json"}}},
	{"a second value", `{"code":"a"}{"code":"b"}`, []fault{{"", "json"}}},
	{"trailing text", `{"code":"a"} x`, []fault{{"", "json"}}},
	{"a NUL at the end", "{\"code\":\"a\"}\x00", []fault{{"", "json"}}},
	{"bytes that are not UTF-8", "{\"code\":\"\xff\xfe\"}", []fault{{"", "utf8"}}},
	{"an overlong encoding", "{\"code\":\"\xc0\xaf\"}", []fault{{"", "utf8"}}},
	{"a half surrogate in UTF-8", "{\"code\":\"\xed\xa0\x80\"}", []fault{{"", "utf8"}}},
	{"UTF-16", "\xff\xfe{\x00}\x00", []fault{{"", "utf8"}}},
	{"null", `null`, []fault{{"", "type"}}},
	{"a string", `"code"`, []fault{{"", "type"}}},
	{"a number", `1`, []fault{{"", "type"}}},
	{"a boolean", `true`, []fault{{"", "type"}}},
	{"a list", `[{"code":"a"}]`, []fault{{"", "type"}}},
	{"no field", `{}`, []fault{{"code", "required"}}},
	{"an empty code", `{"code":""}`, []fault{{"code", "required"}}},
	{"a null code", `{"code":null}`, []fault{{"code", "type"}}},
	{"a number for a code", `{"code":123}`, []fault{{"code", "type"}}},
	{"a boolean for a code", `{"code":true}`, []fault{{"code", "type"}}},
	{"a list for a code", `{"code":["a"]}`, []fault{{"code", "type"}}},
	{"text for a device", `{"code":"a","device":"phone"}`, []fault{{"device", "type"}}},
	{"a null device", `{"code":"a","device":null}`, []fault{{"device", "type"}}},
	{"a list of profiles", `{"code":"a","profile":[{}]}`, []fault{{"profile", "type"}}},
	{"a number inside", `{"code":"a","device":{"id":12345678}}`, []fault{{"device.id", "type"}}},
	{"an unknown field", `{"code":"a","extra":1}`, []fault{{"extra", "unknown"}}},
	{"an unknown field inside", `{"code":"a","device":{"model":"x"}}`, []fault{{"device.model", "unknown"}}},
	{"an empty name", `{"code":"a","":1}`, []fault{{"", "unknown"}}},
	{"another case", `{"Code":"a"}`, []fault{{"Code", "unknown"}}},
	{"both cases", `{"code":"a","CODE":"b"}`, []fault{{"CODE", "unknown"}}},
	{"a name that folds to another", `{"code":"a","devıce":{}}`, []fault{{"devıce", "unknown"}}},
	{"a field of another object", `{"code":"a","device":{"code":"b"}}`, []fault{{"device.code", "unknown"}}},
	{"a path for a name", `{"code":"a","device.id":"12345678"}`, []fault{{"device.id", "unknown"}}},
	{"a field twice", `{"code":"a","code":"b"}`, []fault{{"code", "duplicate"}}},
	{"a field twice, once escaped", `{"code":"a","c\u006fde":"b"}`, []fault{{"code", "duplicate"}}},
	{"a field twice inside", `{"code":"a","device":{"id":"12345678","id":"12345678"}}`, []fault{{"device.id", "duplicate"}}},
	{"a field thrice, wrong each time", `{"code":1,"code":2,"code":3}`, []fault{{"code", "type"}}},
	{"an unknown field twice", `{"code":"a","x":1,"x":2}`, []fault{{"x", "unknown"}}},
	{"several faults", `{"code":1,"device":{"id":[]},"x":{}}`,
		[]fault{{"code", "type"}, {"device.id", "type"}, {"x", "unknown"}}},
	{"several rules broken", `{"device":{"id":"short"},"profile":{"iv":"x"}}`,
		[]fault{{"code", "required"}, {"device.id", "min"}, {"profile.encryptedData", "required_with"}}},
	{"deep lists", `{"code":"a","x":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`, []fault{{"x", "unknown"}}},
	{"a deep code", `{"code":` + strings.Repeat(`{"a":`, 500) + `1` + strings.Repeat("}", 501), []fault{{"code", "type"}}},
	{"deeper than a parser should go", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), []fault{{"", "json"}}},
}

func refusesLogins(t *testing.T) *httpapi.Server {
	return build(world{login: func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
		t.Errorf("the use case was called with %+v", c)
		return ports.Login{}, domain.ErrCodeInvalid
	}})
}

func TestABodyThatIsNoLoginIsRefusedWithEveryFault(t *testing.T) {
	s := refusesLogins(t)
	for _, tt := range wrongBodies {
		t.Run(tt.name, func(t *testing.T) {
			a := ask(t, s, post(tt.body))
			p := a.problem(t)
			if a.status != http.StatusBadRequest || p.Code != "invalid_request" {
				t.Errorf("got %d %s, want 400 invalid_request", a.status, p.Code)
			}
			if diff := cmp.Diff(tt.want, p.Errors); diff != "" {
				t.Errorf("faults differ (-want +got):\n%s", diff)
			}
		})
	}
}

// T-10: operators of a document database, in the place of every field.
func TestAQueryOperatorIsNoValue(t *testing.T) {
	s := refusesLogins(t)
	operators := []string{`{"$ne":null}`, `{"$gt":""}`, `{"$regex":".*"}`, `{"$where":"sleep(1)"}`, `{"$in":["a"]}`, `[{"$ne":1}]`}
	fields := map[string]string{
		"appId":                 `{"code":"a","appId":%}`,
		"code":                  `{"code":%}`,
		"device.id":             `{"code":"a","device":{"id":%}}`,
		"device.name":           `{"code":"a","device":{"name":%}}`,
		"device.platform":       `{"code":"a","device":{"platform":%}}`,
		"profile.encryptedData": `{"code":"a","profile":{"encryptedData":%,"iv":"x"}}`,
		"profile.iv":            `{"code":"a","profile":{"encryptedData":"x","iv":%}}`,
		"profile.rawData":       `{"code":"a","profile":{"rawData":%}}`,
		"profile.signature":     `{"code":"a","profile":{"signature":%}}`,
	}
	for field, body := range fields {
		for _, operator := range operators {
			a := ask(t, s, post(strings.Replace(body, "%", operator, 1)))
			if diff := cmp.Diff([]fault{{field, "type"}}, a.problem(t).Errors); a.status != http.StatusBadRequest || diff != "" {
				t.Errorf("%s as %s: got %d, faults differ (-want +got):\n%s", operator, field, a.status, diff)
			}
		}
	}
	a := ask(t, s, post(`{"code":"a","device":{"$set":{"role":"admin"}}}`))
	if diff := cmp.Diff([]fault{{"device.$set", "unknown"}}, a.problem(t).Errors); diff != "" {
		t.Errorf("faults differ (-want +got):\n%s", diff)
	}
}

// T-11: what is stored, or answered, is not to be had by naming it.
func TestNobodyAssignsWhatIsNotTheirs(t *testing.T) {
	s := refusesLogins(t)
	names := []string{
		"role", "admin", "isAdmin", "userId", "user_id", "_id", "id", "sub", "sid", "sessionId", "openid", "openId", "open_id",
		"unionid", "unionId", "session_key", "sessionKey", "newUser", "bannedAt", "disabled", "createdAt", "lastLoginAt",
		"expiresAt", "absoluteAt", "refresh", "refreshToken", "accessToken", "nickname", "avatarUrl", "phone", "compat", "Compat",
		"user", "session", "__proto__", "constructor",
	}
	for _, name := range names {
		for path, body := range map[string]string{
			name:              `{"code":"a","%":"x"}`,
			"device." + name:  `{"code":"a","device":{"%":"x"}}`,
			"profile." + name: `{"code":"a","profile":{"%":"x"}}`,
		} {
			if path == "device.id" {
				continue // that one is theirs
			}
			a := ask(t, s, post(strings.Replace(body, "%", name, 1)))
			if diff := cmp.Diff([]fault{{path, "unknown"}}, a.problem(t).Errors); diff != "" {
				t.Errorf("faults differ (-want +got):\n%s", diff)
			}
		}
	}
}

func TestHostileNamesFillNeitherTheAnswerNorTheLog(t *testing.T) {
	var log journal
	s := build(world{log: &log})
	var many strings.Builder
	for i := range 5000 {
		many.WriteString(`"` + strings.Repeat("x", i%7) + string(rune('A'+i%26)) + `":1,`)
	}
	for _, body := range []string{
		`{` + many.String() + `"code":1}`,
		`{"` + strings.Repeat("名", 20_000) + `":1}`,
		`{"code":"a","device":` + strings.Repeat(`{"a":`, 9900) + `1` + strings.Repeat("}", 9901),
	} {
		a := ask(t, s, post(body))
		if a.status != http.StatusBadRequest || len(a.body) > 2048 {
			t.Errorf("got %d with %d bytes, want 400 with few", a.status, len(a.body))
		}
	}
	for _, l := range log.lines(t) {
		if cause, _ := l["cause"].(string); len(cause) > 512 {
			t.Errorf("a log entry has %d bytes: %.100s…", len(cause), cause)
		}
	}
}
