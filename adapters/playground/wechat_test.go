package playground_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/playground"
	"wxlogin/adapters/playground/trace"
)

// stage is a simulator that does what it is told.
type stage struct {
	people []playground.Person
	faults []playground.Fault
	calls  []playground.Call
	steps  []trace.Step
}

// staged returns a page on a stage with alice on it.
func staged() (*playground.Page, *stage) {
	s := &stage{people: []playground.Person{{Name: "alice", Phone: "13800006666"}}}
	return playground.New(playground.Parts{App: "wx0123456789abcdef", Store: "SQLite", Phones: s, People: s, Weather: s, Calls: s, Trace: s}), s
}

var errCanary = errors.New("simulator: CANARY-7f3a")

func (s *stage) Code(app, person string) (string, error) {
	if person == "nobody" {
		return "", errCanary
	}
	return "code of " + person + " in " + app, nil
}

func (s *stage) PhoneCode(app, person string) (string, error) {
	if person == "nobody" {
		return "", errCanary
	}
	return "phone code of " + person + " in " + app, nil
}

func (s *stage) Everyone() []playground.Person { return s.people }

func (s *stage) Meet(name string) (playground.Person, error) {
	if name == "" {
		return playground.Person{}, errCanary
	}
	p := playground.Person{Name: name, Phone: "199"}
	s.people = append(s.people, p)
	return p, nil
}

func (s *stage) Faults() []playground.Fault { return s.faults }

func (s *stage) Break(f playground.Fault) error {
	if s.faults = nil; f.Kind == "unknown" {
		return errCanary
	}
	s.faults = []playground.Fault{f}
	return nil
}

func (s *stage) Mend() { s.faults = nil }

func (s *stage) Latest() []playground.Call { return s.calls }

func (s *stage) Steps(request string) []trace.Step {
	if request != "play-1" {
		return nil
	}
	return s.steps
}

func TestTheSimulatorObeysThePage(t *testing.T) {
	page, _ := staged()
	for _, tt := range []struct{ method, target, body, want string }{
		{"POST", "/playground/code?person=" + url.QueryEscape("小红 & co"), "", `{"code":"code of 小红 \u0026 co in wx0123456789abcdef"}`},
		{"POST", "/playground/phonecode?person=bob", "", `{"code":"phone code of bob in wx0123456789abcdef"}`},
		{"GET", "/playground/people", "", `{"people":[{"name":"alice","phone":"13800006666"}]}`},
		{"POST", "/playground/people", `{"name":"Zoë"}`, `{"name":"Zoë","phone":"199"}`},
		{"GET", "/playground/people", "", `{"people":[{"name":"alice","phone":"13800006666"},{"name":"Zoë","phone":"199"}]}`},
		{"GET", "/playground/fault", "", `{"faults":[]}`},
		{"POST", "/playground/fault", `{"kind":"errcode","errcode":-1,"times":2}`, `{"faults":[{"kind":"errcode","times":2,"errcode":-1}]}`},
		{"POST", "/playground/fault", `{"kind":"delay","endpoint":"jscode2session","ms":1500,"late":true}`,
			`{"faults":[{"kind":"delay","endpoint":"jscode2session","late":true,"ms":1500}]}`},
		{"DELETE", "/playground/fault", "", `{"faults":[]}`},
		{"GET", "/playground/wire?request=unknown", "", `{"steps":[],"store":"SQLite"}`},
	} {
		rec := serve(page, tt.method, tt.target, tt.body)
		if diff := cmp.Diff(tt.want+"\n", rec.Body.String()); rec.Code != http.StatusOK || diff != "" {
			t.Errorf("%s %s: got %d, body differs (-want +got):\n%s", tt.method, tt.target, rec.Code, diff)
		}
		if kind := rec.Header().Get("Content-Type"); kind != "application/json; charset=utf-8" {
			t.Errorf("%s %s: got Content-Type %q", tt.method, tt.target, kind)
		}
	}
}

func TestTheSimulatorObeysThisMachinesPageAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		host, origin string
		allowed      bool
	}{
		"the page itself":        {"127.0.0.1:8080", "http://127.0.0.1:8080", true},
		"the page by its name":   {"localhost:8080", "http://localhost:8080", true},
		"over IPv6":              {"[::1]:8080", "http://[::1]:8080", true},
		"curl":                   {"127.0.0.1:8080", "", true},
		"a page of another site": {"127.0.0.1:8080", "https://evil.example", false},
		"another port's page":    {"127.0.0.1:8080", "http://127.0.0.1:9090", false},
		"no page of any site":    {"127.0.0.1:8080", "null", false},
		"a name pointed at us":   {"evil.example:8080", "http://evil.example:8080", false},
	} {
		page, stage := staged()
		acting := 0
		for _, route := range page.Routes() {
			if strings.Contains(strings.TrimPrefix(route.Path, "/playground/"), ".") || route.Path == "/" {
				continue
			}
			acting++
			headers := []string{"Host", tt.host}
			if tt.origin != "" {
				headers = append(headers, "Origin", tt.origin)
			}
			body := map[string]string{"/playground/people": `{"name":"x"}`, "/playground/fault": `{"kind":"hang"}`}[route.Path]
			if rec := serve(page, route.Method, route.Path, body, headers...); (rec.Code == http.StatusOK) != tt.allowed || (!tt.allowed && rec.Code != http.StatusForbidden) {
				t.Errorf("%s: %s %s: got %d, want allowed %v", name, route.Method, route.Path, rec.Code, tt.allowed)
			}
		}
		if acting != 8 {
			t.Errorf("got %d routes that act for the simulator, want 8", acting)
		}
		if !tt.allowed && len(stage.people) != 1 {
			t.Errorf("%s: made a person", name)
		}
	}
}

func TestWhatTheSimulatorRefusesIsAPlainFailure(t *testing.T) {
	page, _ := staged()
	for _, tt := range []struct {
		method, target, body string
		status               int
	}{
		{"POST", "/playground/code?person=nobody", "", 422},
		{"POST", "/playground/phonecode?person=nobody", "", 422},
		{"POST", "/playground/people", `{"name":""}`, 422},
		{"POST", "/playground/people", `{"name":"a","is":"admin"}`, 400},
		{"POST", "/playground/people", `{"name":"` + strings.Repeat("a", 5000) + `"}`, 400},
		{"POST", "/playground/fault", `{"kind":"unknown"}`, 422},
		{"POST", "/playground/fault", `kind=hang`, 400},
	} {
		rec := serve(page, tt.method, tt.target, tt.body)
		if rec.Code != tt.status || strings.Contains(rec.Body.String(), "CANARY") {
			t.Errorf("%s %s: got %d %s, want %d without its cause", tt.method, tt.target, rec.Code, rec.Body, tt.status)
		}
	}
}

// at is so many milliseconds after some moment.
func at(ms int) time.Time { return time.UnixMilli(1_700_000_000_000 + int64(ms)) }

func TestTheWireShowsEachCallInItsOrder(t *testing.T) {
	const login, token, phone = "/sns/jscode2session", "/cgi-bin/stable_token", "/wxa/business/getuserphonenumber"
	for name, tt := range map[string]struct {
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
			[]string{`"wechat","name":"GET /sns/jscode2session","outcome":"openid","at":1700000000002,"took":5`, `"store","name":"users.RecordLogin","outcome":"created","at":1700000000007,"took":1.5`},
		},
		"a call that was made twice": {
			[]trace.Step{{To: trace.WeChat, Name: "jscode2session", Error: "platform_unavailable", At: at(1), Took: 9 * time.Millisecond}},
			[]playground.Call{{At: at(2), Method: "GET", Path: login, Code: "mine", ErrCode: -1, Fault: "errcode"}, {At: at(6), Method: "GET", Path: login, Code: "mine", Fault: "reset"}},
			[]string{`"errcode":-1,"fault":"errcode","at":1700000000002}`, `"error":"platform_unavailable","fault":"reset","at":1700000000006,"took":4`},
		},
		"a token on the way": {
			[]trace.Step{
				{To: trace.WeChat, Name: "getuserphonenumber", Outcome: "number", At: at(1), Took: 9 * time.Millisecond},
				{To: trace.WeChat, Name: "stable_token", Outcome: "access_token", At: at(2), Took: 2 * time.Millisecond},
			},
			[]playground.Call{{At: at(3), Method: "POST", Path: token}, {At: at(6), Method: "POST", Path: phone, Code: "mine"}},
			[]string{`"name":"POST /cgi-bin/stable_token"`, `"name":"POST /wxa/business/getuserphonenumber"`},
		},
		"a token at hand": {[]trace.Step{{To: trace.WeChat, Name: "stable_token", Outcome: "access_token", At: at(2)}}, nil, nil},
		"held back": {
			[]trace.Step{{To: trace.WeChat, Name: "jscode2session", Error: "overloaded", At: at(2)}}, nil,
			[]string{`"wechat","name":"jscode2session","error":"overloaded"`},
		},
	} {
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
