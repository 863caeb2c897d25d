package playground_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

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
		"a name of this machine": {"dev.localhost:8080", "", false},
	} {
		page, stage := staged()
		acting := 0
		for _, route := range page.Routes() {
			if strings.Contains(strings.TrimPrefix(route.Path, "/playground/"), ".") {
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
		if acting != 9 {
			t.Errorf("got %d routes that are this machine's, want the page and 8 that act for the simulator", acting)
		}
		if !tt.allowed && len(stage.people) != 1 {
			t.Errorf("%s: made a person", name)
		}
	}
}

func TestAnotherNameIsToldWhereThePageIs(t *testing.T) {
	page, _ := staged()
	for host, want := range map[string]string{
		"dev.localhost:8080": "http://127.0.0.1:8080/", "localhost.:9000": "http://127.0.0.1:9000/", "dev.localhost": "http://127.0.0.1/", "evil:80:80": "http://127.0.0.1/",
	} {
		rec := serve(page, http.MethodGet, "/", "", "Host", host)
		if got := rec.Body.String(); rec.Code != http.StatusForbidden || !strings.HasSuffix(got, "open "+want+"\n") {
			t.Errorf("%s: got %d %s, want %s", host, rec.Code, got, want)
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
		{"POST", "/playground/fault", `{"kind":"delay","ms":60001}`, 422},
		{"POST", "/playground/fault", `{"kind":"delay","ms":9223372036854775807}`, 422},
		{"POST", "/playground/fault", `{"kind":"delay","ms":-1}`, 422},
		{"POST", "/playground/fault", `kind=hang`, 400},
	} {
		rec := serve(page, tt.method, tt.target, tt.body)
		if rec.Code != tt.status || strings.Contains(rec.Body.String(), "CANARY") {
			t.Errorf("%s %s: got %d %s, want %d without its cause", tt.method, tt.target, rec.Code, rec.Body, tt.status)
		}
	}
}
