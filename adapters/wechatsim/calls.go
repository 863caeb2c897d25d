package wechatsim

import (
	"hash/maphash"
	"sync"
	"time"
)

// Call is one call that reached the platform.
type Call struct {
	Time     time.Time `json:"time"`
	Endpoint string    `json:"endpoint"`
	App      string    `json:"app,omitempty"`  // as named, or as the access token says
	Code     string    `json:"code,omitempty"` // its first 64 bytes
	ErrCode  int       `json:"errcode"`        // as answered, if it was
	Fault    string    `json:"fault,omitempty"`
}

// callLog remembers the latest calls, and of each code how often it came.
type callLog struct {
	mu     sync.Mutex
	ring   []Call
	next   int // where the ring is written once it is full
	total  uint64
	counts tally
}

// tally counts by hash, to be small. It forgets the codes it saw first when
// there are more than limit.
type tally struct {
	limit    int
	seed     maphash.Seed
	count    map[uint64]uint32
	order    []uint64
	oldest   int
	repeated int // codes seen more than once
}

// Calls returns the latest calls, at most Config.MaxCalls, oldest first. A call
// is listed before it is answered, one that hangs too.
func (s *Simulator) Calls() []Call {
	calls, _, _ := s.calls.snapshot()
	return calls
}

// CallsOf returns how many calls brought this code, whatever came of them. It
// knows more codes than Calls: the last million.
func (s *Simulator) CallsOf(code string) int { return s.calls.of(code) }

// ClearCalls forgets all calls and counts.
func (s *Simulator) ClearCalls() { s.calls.clear() }

func newCallLog(size int) *callLog {
	return &callLog{ring: make([]Call, 0, size), counts: newTally(maxCodes)}
}

func newTally(limit int) tally {
	return tally{limit: limit, seed: maphash.MakeSeed(), count: map[uint64]uint32{}}
}

func (l *callLog) record(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if c.Code != "" {
		l.counts.add(c.Code)
	}
	if len(l.ring) < cap(l.ring) {
		l.ring = append(l.ring, c)
		return
	}
	l.ring[l.next] = c
	l.next = (l.next + 1) % len(l.ring)
}

// snapshot returns copies of one moment: the calls, oldest first, how many there
// were in all, and how many codes came more than once.
func (l *callLog) snapshot() (calls []Call, total uint64, repeated int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	calls = make([]Call, 0, len(l.ring))
	calls = append(calls, l.ring[l.next:]...)
	calls = append(calls, l.ring[:l.next]...)
	return calls, l.total, l.counts.repeated
}

func (l *callLog) of(code string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int(l.counts.count[maphash.String(l.counts.seed, clip(code))])
}

func (l *callLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.next, l.total, l.counts = make([]Call, 0, cap(l.ring)), 0, 0, newTally(l.counts.limit)
}

func (t *tally) add(code string) {
	h := maphash.String(t.seed, code)
	if _, seen := t.count[h]; !seen {
		t.remember(h)
	}
	t.count[h]++
	if t.count[h] == 2 {
		t.repeated++
	}
}

// remember makes room for a code that was never seen.
func (t *tally) remember(h uint64) {
	if len(t.order) < t.limit {
		t.order = append(t.order, h)
		return
	}
	if t.count[t.order[t.oldest]] > 1 {
		t.repeated--
	}
	delete(t.count, t.order[t.oldest])
	t.order[t.oldest] = h
	t.oldest = (t.oldest + 1) % len(t.order)
}
