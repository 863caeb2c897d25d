package playground_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/playground"
	"wxlogin/adapters/playground/trace"
)

// at is so many milliseconds after some moment.
func at(ms int) time.Time { return time.UnixMilli(1_700_000_000_000 + int64(ms)) }

const login, token, phone = "/sns/jscode2session", "/cgi-bin/stable_token", "/wxa/business/getuserphonenumber"

// wires are what was noted of a request that brought the login code "mine", what
// reached WeChat meanwhile, and the arrows that these are.
var wires = map[string]struct {
	steps []trace.Step
	calls []playground.Call
	want  []string
}{
	"a login": {
		[]trace.Step{
			{To: trace.WeChat, Name: "jscode2session", Outcome: "openid", At: at(1), Took: 5 * time.Millisecond},
			{To: trace.Store, Name: "users.RecordLogin", Outcome: "created", At: at(7), Took: 1500 * time.Microsecond},
		},
		[]playground.Call{{At: at(2), Method: "GET", Path: login, Code: "mine"}, {At: at(3), Method: "GET", Path: login, Code: "another's"}, {At: at(9), Method: "GET", Path: login, Code: "mine"}},
		[]string{`"wechat","name":"GET /sns/jscode2session","outcome":"openid","at":1700000000002,"took":4}`, `"store","name":"users.RecordLogin","outcome":"created","at":1700000000007,"took":1.5`},
	},
	"a login with a phone number": {
		[]trace.Step{
			{To: trace.WeChat, Name: "jscode2session", Outcome: "openid", At: at(1), Took: 2 * time.Millisecond},
			{To: trace.WeChat, Name: "getuserphonenumber", Outcome: "number", At: at(4), Took: 2 * time.Millisecond},
		},
		[]playground.Call{{At: at(2), Method: "GET", Path: login, Code: "mine"}, {At: at(5), Method: "POST", Path: phone, Code: "the phone's"}},
		[]string{`"GET /sns/jscode2session"`, `"POST /wxa/business/getuserphonenumber"`},
	},
	"a call that was made twice": {
		[]trace.Step{{To: trace.WeChat, Name: "jscode2session", Error: "platform_unavailable", At: at(1), Took: 9 * time.Millisecond}},
		[]playground.Call{{At: at(2), Method: "GET", Path: login, Code: "mine", ErrCode: -1, Fault: "errcode"}, {At: at(6), Method: "GET", Path: login, Code: "mine", Fault: "reset"}},
		[]string{`"errcode":-1,"fault":"errcode","at":1700000000002}`, `"error":"platform_unavailable","fault":"reset","at":1700000000006,"took":4`},
	},
	"a token on the way": {
		[]trace.Step{
			{To: trace.WeChat, Name: "stable_token", Outcome: "access_token", At: at(2), Took: 2 * time.Millisecond},
			{To: trace.WeChat, Name: "getuserphonenumber", Outcome: "number", At: at(1), Took: 9 * time.Millisecond},
		},
		[]playground.Call{{At: at(3), Method: "POST", Path: token}, {At: at(6), Method: "POST", Path: phone, Code: "the phone's"}},
		[]string{`"name":"POST /cgi-bin/stable_token"`, `"name":"POST /wxa/business/getuserphonenumber","outcome":"number","at":1700000000006,"took":4}`},
	},
	"what began first, and ended last": {
		[]trace.Step{
			{To: trace.Store, Name: "sessions.Save", At: at(2), Took: time.Millisecond},
			{To: trace.Store, Name: "users.RecordLogin", At: at(1), Took: 9 * time.Millisecond},
		}, nil,
		[]string{`"users.RecordLogin"`, `"sessions.Save"`},
	},
	"a token at hand": {[]trace.Step{{To: trace.WeChat, Name: "stable_token", Outcome: "access_token", At: at(2)}}, nil, nil},
	"held back": {
		[]trace.Step{{To: trace.WeChat, Name: "jscode2session", Error: "overloaded", At: at(2)}}, nil,
		[]string{`"wechat","name":"jscode2session","error":"overloaded"`},
	},
}

func TestTheWireShowsEachCallInItsOrder(t *testing.T) {
	for name, tt := range wires {
		page, stage := staged()
		stage.steps, stage.calls = tt.steps, tt.calls
		left := serve(page, http.MethodGet, "/playground/wire?request=play-1&code=mine", "").Body.String()
		if n := strings.Count(left, `"to":`); n != len(tt.want) {
			t.Errorf("%s: got %d arrows, want %d:\n%s", name, n, len(tt.want), left)
		}
		for _, want := range tt.want {
			before, after, found := strings.Cut(left, want)
			if !found {
				t.Errorf("%s: no %s in its order:\n%s", name, want, before)
			}
			left = after
		}
	}
}
