package playground

import (
	"errors"
	"net/http"
	"time"
)

// Phones stand for WeChat on people's phones. A person who is not known is made.
type Phones interface {
	// Code returns what person's wx.login gives in app.
	Code(app, person string) (string, error)
	// PhoneCode returns what a tap on app's phone button gives, if person allows it.
	PhoneCode(app, person string) (string, error)
}

// Person is somebody with WeChat.
type Person struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// People are those who have WeChat.
type People interface {
	// Everyone returns them in the order in which they came, at most 100.
	Everyone() []Person
	// Meet returns the person of this name, who is made if unknown.
	Meet(name string) (Person, error)
}

// Fault is something that goes wrong between the service and WeChat.
type Fault struct {
	Kind     string        // as the simulator names it
	Endpoint string        // the last part of WeChat's path; empty: every endpoint
	Times    int           // calls to strike; 0: until mended
	Late     bool          // the call takes effect all the same
	ErrCode  int           // of kind errcode
	Duration time.Duration // of kind delay
}

// Weather is how WeChat fares.
type Weather interface {
	// Faults returns what is wrong, with the calls that it still strikes.
	Faults() []Fault
	// Break makes something wrong, in place of all that was. Where it cannot be, all
	// stays as it was.
	Break(f Fault) error
	// Mend makes WeChat well again.
	Mend()
}

func (p *Page) postCode(w http.ResponseWriter, r *http.Request) {
	code, err := p.Phones.Code(p.App, r.URL.Query().Get("person"))
	show(w, map[string]string{"code": code}, err)
}

func (p *Page) postPhoneCode(w http.ResponseWriter, r *http.Request) {
	code, err := p.Phones.PhoneCode(p.App, r.URL.Query().Get("person"))
	show(w, map[string]string{"code": code}, err)
}

func (p *Page) getPeople(w http.ResponseWriter, _ *http.Request) {
	show(w, map[string]any{"people": p.People.Everyone()}, nil)
}

func (p *Page) postPeople(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	if read(w, r, &in) {
		person, err := p.People.Meet(in.Name)
		show(w, person, err)
	}
}

// faultJSON is a Fault as the page has it.
type faultJSON struct {
	Kind     string `json:"kind"`
	Endpoint string `json:"endpoint,omitempty"`
	Times    int    `json:"times,omitempty"`
	Late     bool   `json:"late,omitempty"`
	ErrCode  int    `json:"errcode,omitempty"`
	Millis   int64  `json:"ms,omitempty"`
}

// maxMillis is the longest delay that is of use: nobody waits longer.
const maxMillis = 60_000

var errDelay = errors.New("playground: a delay of less than nothing, or of more than a minute")

func (p *Page) getFault(w http.ResponseWriter, _ *http.Request) { p.showFaults(w, nil) }

func (p *Page) postFault(w http.ResponseWriter, r *http.Request) {
	var in faultJSON
	if !read(w, r, &in) {
		return
	}
	if in.Millis < 0 || in.Millis > maxMillis {
		p.showFaults(w, errDelay)
		return
	}
	p.showFaults(w, p.Weather.Break(Fault{
		in.Kind, in.Endpoint, in.Times, in.Late, in.ErrCode, time.Duration(in.Millis) * time.Millisecond,
	}))
}

func (p *Page) deleteFault(w http.ResponseWriter, _ *http.Request) {
	p.Weather.Mend()
	p.showFaults(w, nil)
}

func (p *Page) showFaults(w http.ResponseWriter, err error) {
	faults := []faultJSON{}
	for _, f := range p.Weather.Faults() {
		faults = append(faults, faultJSON{f.Kind, f.Endpoint, f.Times, f.Late, f.ErrCode, f.Duration.Milliseconds()})
	}
	show(w, map[string]any{"faults": faults}, err)
}
