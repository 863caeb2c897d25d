// Package wechatsim is a stand-in for api.weixin.qq.com: the endpoints that a
// mini program's login needs, the clients that would call wx.login, and faults
// on request. It is for development and tests only: nothing is kept, and anyone
// who reaches its management API can be anybody.
//
// It stands on the standard library alone and shares no code with the adapter
// that talks to WeChat, so that a mistake made there is not made here again.
package wechatsim

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what is simulated. The zero Config is one app without an open
// platform account, as listed at New.
type Config struct {
	Apps []App
	// MinKeyAge is how long a session_key lives at least: a login code asked for
	// later than that makes a new one. Zero is a minute; if it is negative, every
	// login code makes a new one.
	MinKeyAge time.Duration
	// Latency is added to every answer of the platform.
	Latency time.Duration
	// MaxCalls is how many calls are remembered; zero is 10,000.
	MaxCalls int
	// AllowRemote lets Start listen, and the management API answer, beyond this
	// machine: in a network of containers, say.
	AllowRemote bool
	// Seed decides on openids and unionids: simulators with one seed agree on
	// them. If it is empty, each simulator has its own.
	Seed string
	// Service is where wxlogin is, without a slash at the end, for the commands that
	// the help shows; empty is http://127.0.0.1:8080.
	Service string
	// Now is the simulator's clock; nil is time.Now.
	Now func() time.Time
}

// App is a mini program. People have one unionid in all apps of one Account (of
// the WeChat Open Platform), and none in an app without.
type App struct {
	ID      string
	Secret  string
	Account string
	// EventToken signs what Push sends, and EventKey, of 43 characters as WeChat's
	// console makes them, encrypts it. Both are optional.
	EventToken string
	EventKey   string
}

const (
	defaultPerson    = "alice"
	defaultMinKeyAge = time.Minute
	defaultMaxCalls  = 10_000
)

// Simulator is WeChat in a box. All methods are safe for concurrent use. Where a
// method takes an app and a person, an empty app means the first one, an empty
// person the one that exists from the start, and a person nobody knows yet is
// made.
type Simulator struct {
	cfg    Config
	apps   []*app
	people *population
	logins *codeBook
	phones *codeBook
	faults *faultBook
	calls  *callLog

	phoneAnswers atomic.Uint64

	done chan struct{}
	end  func()
}

// app is an App with the access tokens given out for it.
type app struct {
	App
	tokens tokenBook
}

// New makes a simulator. Without apps in cfg it has one, "wxsimulator000001"
// with the secret "simulator-secret". It fails if an app lacks an id or a secret,
// comes twice, or has an EventKey that is none. Keys differ from one simulator to the next, and so do openids
// and unionids unless cfg has a seed: nobody shall come to rely on them.
func New(cfg Config) (*Simulator, error) {
	cfg = cfg.withDefaults()
	apps, err := openApps(cfg.Apps)
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		cfg:    cfg,
		apps:   apps,
		people: newPopulation(cfg.Seed),
		logins: newCodeBook(),
		phones: newCodeBook(),
		faults: &faultBook{},
		calls:  newCallLog(cfg.MaxCalls),
		done:   make(chan struct{}),
	}
	s.end = sync.OnceFunc(func() { close(s.done) })
	_, err = s.people.put(Person{Name: defaultPerson})
	return s, err
}

// Close cuts the connection of every call that is made to wait (by a fault or by
// Config.Latency), now and from now on. Other calls are answered as ever.
func (s *Simulator) Close() { s.end() }

func (c Config) withDefaults() Config {
	if len(c.Apps) == 0 {
		c.Apps = []App{{ID: "wxsimulator000001", Secret: "simulator-secret"}}
	}
	if c.MinKeyAge == 0 {
		c.MinKeyAge = defaultMinKeyAge
	}
	if c.MaxCalls <= 0 {
		c.MaxCalls = defaultMaxCalls
	}
	if c.Seed == "" {
		c.Seed = rand.Text()
	}
	if c.Service == "" {
		c.Service = "http://127.0.0.1:8080"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// openApps checks the apps and gives each its book of tokens.
func openApps(configured []App) ([]*app, error) {
	var apps []*app
	seen := map[string]bool{}
	for _, a := range configured {
		switch {
		case a.ID == "" || a.Secret == "":
			return nil, fmt.Errorf("wechatsim: app %q needs an id and a secret", a.ID)
		case seen[a.ID]:
			return nil, fmt.Errorf("wechatsim: app %q comes twice", a.ID)
		case a.EventKey != "" && len(a.eventKey()) != eventKeyBytes:
			return nil, fmt.Errorf("wechatsim: the EventKey of app %q is not base64 of 32 bytes without the equals sign", a.ID)
		}
		seen[a.ID] = true
		apps = append(apps, &app{App: a})
	}
	return apps, nil
}

// findApp returns nil where there is no such app.
func (s *Simulator) findApp(id string) *app {
	for _, a := range s.apps {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// appNamed is findApp with a default and an error that helps.
func (s *Simulator) appNamed(id string) (*app, error) {
	if id == "" {
		return s.apps[0], nil
	}
	if a := s.findApp(id); a != nil {
		return a, nil
	}
	var ids []string
	for _, a := range s.apps {
		ids = append(ids, a.ID)
	}
	return nil, errors.New("wechatsim: no app " + id + "; there is " + strings.Join(ids, ", "))
}

// member returns the named person as a user of the named app.
func (s *Simulator) member(appID, person string) (*member, error) {
	a, err := s.appNamed(appID)
	if err != nil {
		return nil, err
	}
	if person == "" {
		person = defaultPerson
	}
	return s.people.join(a, person, s.cfg.Now())
}
