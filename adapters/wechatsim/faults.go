package wechatsim

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is something that goes wrong on request. Of several that fit a call the
// one set first strikes. What Kind may be is said by GET /sim/.
type Fault struct {
	Kind     string `json:"kind"`
	App      string `json:"app,omitempty"`      // empty: every app
	Endpoint string `json:"endpoint,omitempty"` // path or its last part; empty: every endpoint
	Times    int    `json:"times,omitempty"`    // calls to strike; 0: until cleared
	Percent  int    `json:"percent,omitempty"`  // chance to strike; 0: always
	// Late lets a call that gets no true answer take effect all the same: the
	// code is used up, the key replaced.
	Late     bool          `json:"late,omitempty"`
	ErrCode  int           `json:"errcode,omitempty"` // of kind errcode
	Quoted   bool          `json:"quoted,omitempty"`  // of kind errcode: "40029" instead of 40029
	Status   int           `json:"status,omitempty"`  // of kind status; 0: 502
	Size     int           `json:"size,omitempty"`    // bytes, of kinds huge and gzip_bomb; 0: 10 MiB
	Duration time.Duration `json:"-"`                 // of kinds slow and delay; 0: 2 s
}

// faultBook holds the faults that are set.
type faultBook struct {
	any  atomic.Bool // spares the good days the lock
	mu   sync.Mutex
	list []*Fault // Times counts down
}

const (
	maxFaultSize     = 1 << 30
	maxFaultDuration = time.Hour
)

// SetFault adds a fault to those already set. It fails, and says what there is,
// where f names a kind, app or endpoint that does not exist, or a value that
// makes no sense.
func (s *Simulator) SetFault(f Fault) error {
	if f.App != "" {
		if _, err := s.appNamed(f.App); err != nil {
			return err
		}
	}
	f, err := f.complete()
	if err != nil {
		return fmt.Errorf("wechatsim: %w", err)
	}
	s.faults.add(f)
	return nil
}

// Faults returns what is set, with Times as far as it is left.
func (s *Simulator) Faults() []Fault { return s.faults.all() }

// ClearFaults removes all faults. Calls that hang already hang on.
func (s *Simulator) ClearFaults() { s.faults.clear() }

// complete checks f and fills in defaults.
func (f Fault) complete() (Fault, error) {
	if _, known := kinds[f.Kind]; !known {
		return f, fmt.Errorf("no kind of fault %q; there is %s", f.Kind, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	}
	full, err := fullPath(f.Endpoint)
	if err != nil {
		return f, err
	}
	f.Endpoint = full
	switch f.Kind {
	case "status":
		f.Status = cmp.Or(f.Status, 502)
	case "huge", "gzip_bomb":
		f.Size = cmp.Or(f.Size, 10<<20)
	case "slow", "delay":
		f.Duration = cmp.Or(f.Duration, 2*time.Second)
	}
	return f, f.check()
}

// check refuses what would look like a fault and never be one.
func (f Fault) check() error {
	switch {
	case f.Times < 0:
		return errors.New("times is negative; leave it out for a fault until cleared")
	case f.Percent < 0 || f.Percent > 100:
		return errors.New("percent is from 1 to 100")
	case f.Kind == "errcode" && f.ErrCode == 0:
		return errors.New("kind errcode needs an errcode; for a success with one, there is errcode_zero")
	case f.Kind == "status" && (f.Status < 200 || f.Status > 599):
		return errors.New("status is from 200 to 599")
	case f.Size < 0 || f.Size > maxFaultSize:
		return fmt.Errorf("size is from 1 to %d", maxFaultSize)
	case f.Duration < 0 || f.Duration > maxFaultDuration:
		return fmt.Errorf("duration is up to %v", maxFaultDuration)
	}
	return nil
}

// fullPath takes "/cgi-bin/token" and "token" alike.
func fullPath(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	var names []string
	for _, e := range endpoints {
		if name == e.path || name == path.Base(e.path) {
			return e.path, nil
		}
		names = append(names, path.Base(e.path))
	}
	return "", fmt.Errorf("no endpoint %q; there is %s", name, strings.Join(names, ", "))
}

func (b *faultBook) add(f Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, &f)
	b.any.Store(true)
}

func (b *faultBook) all() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Fault, 0, len(b.list))
	for _, f := range b.list {
		list = append(list, *f)
	}
	return list
}

func (b *faultBook) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = nil
	b.any.Store(false)
}

// strike returns the fault for this call, or the zero Fault, which is none. A
// call that names no app of ours is struck by faults for every app alone.
func (b *faultBook) strike(endpoint, app string) Fault {
	if !b.any.Load() {
		return Fault{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.list, func(f *Fault) bool { return f.fits(endpoint, app) })
	if i < 0 {
		return Fault{}
	}
	struck := *b.list[i]
	if struck.Times == 1 {
		b.list = slices.Delete(b.list, i, i+1)
		b.any.Store(len(b.list) > 0)
	} else if struck.Times > 1 {
		b.list[i].Times--
	}
	return struck
}

// fits draws lots where the fault strikes only some calls.
func (f *Fault) fits(endpoint, app string) bool {
	//nolint:gosec // lots, no secret
	return (f.Endpoint == "" || f.Endpoint == endpoint) && (f.App == "" || f.App == app) &&
		(f.Percent == 0 || rand.IntN(100) < f.Percent)
}
