package playground

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"time"

	"wxlogin/adapters/playground/trace"
)

// Call is one that reached WeChat.
type Call struct {
	At      time.Time
	Method  string
	Path    string
	Code    string // the login or phone code that it brought, if any
	ErrCode int
	Fault   string // what was wrong with the answer on purpose; empty: nothing
}

// Calls tells what reached WeChat.
type Calls interface {
	// Latest returns the latest calls, oldest first.
	Latest() []Call
}

// stepJSON is one arrow behind the service: an operation of the store, or a call
// to WeChat. Times are milliseconds, since 1970 and of duration.
type stepJSON struct {
	To      trace.Lane `json:"to"`
	Name    string     `json:"name"`
	Outcome string     `json:"outcome,omitempty"`
	Error   string     `json:"error,omitempty"`
	ErrCode int        `json:"errcode,omitempty"`
	Fault   string     `json:"fault,omitempty"`
	At      float64    `json:"at"`
	Took    float64    `json:"took,omitempty"`
}

// loginCalls are the calls that bring a login code.
const loginCalls = "jscode2session"

// getWire serves what the request that the query names did behind the service. A
// code in the query is the login code that the request brought: of logins under way
// at the same time, that of this code alone is the request's.
func (p *Page) getWire(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	steps, calls := []stepJSON{}, p.Calls.Latest()
	for _, s := range p.Trace.Steps(query.Get("request")) {
		if s.To == trace.WeChat {
			steps = append(steps, calling(s, madeBy(s, calls, query.Get("code")))...)
			continue
		}
		steps = append(steps, plain(s))
	}
	slices.SortStableFunc(steps, func(a, b stepJSON) int { return cmp.Compare(a.At, b.At) })
	show(w, map[string]any{"store": p.Store, "steps": steps}, nil)
}

func plain(s trace.Step) stepJSON {
	return stepJSON{To: s.To, Name: s.Name, Outcome: s.Outcome, Error: s.Error, At: millis(s.At), Took: lasted(s.Took)}
}

// madeBy returns those of the calls that the step made, by their time, and by the
// login code where there is one.
func madeBy(s trace.Step, calls []Call, code string) []Call {
	var made []Call
	for _, c := range calls {
		during := !c.At.Before(s.At) && !c.At.After(s.At.Add(s.Took))
		if during && path.Base(c.Path) == s.Name && (s.Name != loginCalls || code == "" || c.Code == code) {
			made = append(made, c)
		}
	}
	return made
}

// calling returns an arrow for each call of the step, the last with its outcome and
// how long it took: how long those before it took, nobody noted. What the step waited
// for before is not WeChat's time. Without one WeChat was not asked: nothing is shown of what was at hand, and of
// what failed that it did.
func calling(s trace.Step, calls []Call) []stepJSON {
	if len(calls) == 0 && s.Error != "" {
		return []stepJSON{plain(s)}
	}
	var steps []stepJSON
	for _, c := range calls {
		steps = append(steps, stepJSON{To: s.To, Name: c.Method + " " + c.Path, ErrCode: c.ErrCode, Fault: c.Fault, At: millis(c.At)})
	}
	if n := len(calls); n > 0 {
		last, ended := &steps[n-1], s.At.Add(s.Took)
		last.Outcome, last.Error, last.Took = s.Outcome, s.Error, lasted(ended.Sub(calls[n-1].At))
	}
	return steps
}

func lasted(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func millis(t time.Time) float64 { return float64(t.UnixMicro()) / 1e3 }
