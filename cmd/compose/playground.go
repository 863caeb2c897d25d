package compose

import (
	"net/http"

	"go.uber.org/fx"

	"wxlogin/adapters/httpapi"
	"wxlogin/adapters/playground"
	"wxlogin/adapters/playground/trace"
	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
)

// Playground adds the newcomer's page at the root, with phones that are the
// simulator's, and notes what its requests do.
func Playground(cfg config.Config, simulator Simulator) Inside {
	recorder, on := trace.NewRecorder(httpapi.RequestID), stage{simulator.Simulator}
	on.enter()
	page := playground.New(playground.Parts{
		App: string(cfg.WeChat.Apps[0].ID), Store: StoreName(cfg),
		Phones: simulator, People: on, Weather: on, Calls: on, Trace: recorder,
	})
	return Inside{fx.Options(trace.Around(recorder), Mounts(func() []httpapi.Mount {
		var mounts []httpapi.Mount
		for _, r := range page.Routes() {
			mounts = append(mounts, httpapi.Mount{Method: r.Method, Path: r.Path, Handler: r.Handler})
		}
		return mounts
	}))}
}

// StoreName is what people call the store of cfg.
func StoreName(cfg config.Config) string {
	switch {
	case cfg.MongoDB.Used():
		return "MongoDB"
	case cfg.SQLite.Dir == config.InMemory:
		return "memory"
	}
	return "SQLite"
}

// stage is the simulator as the page has it.
type stage struct{ simulator *wechatsim.Simulator }

// cast are the people of the page besides the one who is there from the start.
var cast = []string{"小红", "bob"}

// enter makes the cast. Who cannot be made is missing from a list.
func (s stage) enter() {
	for _, name := range cast {
		_, _ = s.Meet(name)
	}
}

// Everyone implements playground.People.
func (s stage) Everyone() []playground.Person {
	all, _ := s.simulator.People(0, 100)
	people := make([]playground.Person, 0, len(all))
	for _, p := range all {
		people = append(people, playground.Person{Name: p.Name, Phone: p.Phone})
	}
	return people
}

// Meet implements playground.People.
func (s stage) Meet(name string) (playground.Person, error) {
	p, err := s.simulator.PutPerson(wechatsim.Person{Name: name})
	return playground.Person{Name: p.Name, Phone: p.Phone}, err
}

// Faults implements playground.Weather.
func (s stage) Faults() []playground.Fault {
	var faults []playground.Fault
	for _, f := range s.simulator.Faults() {
		faults = append(faults, playground.Fault{
			Kind: f.Kind, Endpoint: f.Endpoint, Times: f.Times, Late: f.Late, ErrCode: f.ErrCode, Duration: f.Duration,
		})
	}
	return faults
}

// Break implements playground.Weather.
func (s stage) Break(f playground.Fault) error {
	was := s.simulator.Faults()
	s.simulator.ClearFaults()
	err := s.simulator.SetFault(wechatsim.Fault{
		Kind: f.Kind, Endpoint: f.Endpoint, Times: f.Times, Late: f.Late, ErrCode: f.ErrCode, Duration: f.Duration,
	})
	if err != nil {
		for _, one := range was {
			_ = s.simulator.SetFault(one) // it was there already
		}
	}
	return err
}

// Mend implements playground.Weather.
func (s stage) Mend() { s.simulator.ClearFaults() }

// posted are the endpoints that are asked by POST.
var posted = map[string]bool{"/cgi-bin/stable_token": true, "/wxa/business/getuserphonenumber": true}

// Latest implements playground.Calls.
func (s stage) Latest() []playground.Call {
	var calls []playground.Call
	for _, c := range s.simulator.Calls() {
		method := http.MethodGet
		if posted[c.Endpoint] {
			method = http.MethodPost
		}
		calls = append(calls, playground.Call{At: c.Time, Method: method, Path: c.Endpoint, Code: c.Code, ErrCode: c.ErrCode, Fault: c.Fault})
	}
	return calls
}
