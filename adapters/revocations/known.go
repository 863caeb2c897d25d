package revocations

import (
	"container/heap"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"sync"
	"time"

	"wxlogin/domain"
)

// known are the sessions that are known to be revoked: at most bound, each until
// no token of it is left. Of more, those that end last are kept: the others had
// the least time left in which they could matter.
//
// One takes 63 to 84 bytes, measured, by how full the map and the queue happen to
// be; no pointer is among them, so that the garbage collector has nothing to
// follow.
type known struct {
	bound int

	mu    sync.RWMutex
	until map[key]int64 // in nanoseconds since 1970
	queue queue         // one for each in until
}

func newKnown(bound int) *known {
	return &known{bound: bound, until: make(map[key]int64)}
}

// has is on the way of every request: it allocates nothing and waits for nobody
// who does more than add or remove one.
func (k *known) has(id domain.SessionID) bool {
	key := keyOf(id)
	k.mu.RLock()
	_, ok := k.until[key]
	k.mu.RUnlock()
	return ok
}

func (k *known) size() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.until)
}

// add remembers that id is revoked, for as long as anyone said, and reports
// whether another had to be forgotten for it.
func (k *known) add(id domain.SessionID, until time.Time) (full bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := entry{keyOf(id), nanoseconds(until)}
	if old, ok := k.until[e.key]; ok {
		k.until[e.key] = max(old, e.until)
		return false
	}
	k.until[e.key] = e.until
	heap.Push(&k.queue, e)
	if len(k.until) <= k.bound {
		return false
	}
	k.dropFirst(math.MaxInt64)
	return true
}

// sweep forgets what has ended at now.
func (k *known) sweep(now time.Time) {
	for k.sweepOne(nanoseconds(now)) {
	}
}

func (k *known) sweepOne(now int64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dropFirst(now)
}

// dropFirst forgets the one that ends first, if it has ended at now. One that was
// prolonged since it was queued goes back to where it belongs.
func (k *known) dropFirst(now int64) bool {
	for len(k.queue) > 0 && k.queue[0].until <= now {
		first := k.queue[0]
		if until := k.until[first.key]; until != first.until {
			k.queue[0].until = until
			heap.Fix(&k.queue, 0)
			continue
		}
		delete(k.until, first.key)
		heap.Pop(&k.queue)
		return true
	}
	return false
}

// nanoseconds is t as a number, or the last one for times that have none.
func nanoseconds(t time.Time) int64 {
	if t.Year() > 2200 {
		return math.MaxInt64
	}
	return t.UnixNano()
}

// key is the id of a session in 16 bytes.
type key [16]byte

// keyOf returns a UUID, which the ids of sessions are, as it is, and all else as
// its hash: none that anyone makes up is taken for another.
func keyOf(id domain.SessionID) key {
	var k key
	if len(id) == 36 && id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-' {
		var digits [32]byte
		copy(digits[:8], id[:8])
		copy(digits[8:12], id[9:13])
		copy(digits[12:16], id[14:18])
		copy(digits[16:20], id[19:23])
		copy(digits[20:], id[24:])
		if _, err := hex.Decode(k[:], digits[:]); err == nil {
			return k
		}
	}
	hash := sha256.Sum256(append(make([]byte, 0, 64), id...)) // on the stack
	copy(k[:], hash[:])
	return k
}

type entry struct {
	key   key
	until int64
}

// queue implements heap.Interface: what ends first is first.
type queue []entry

func (q *queue) Len() int           { return len(*q) }
func (q *queue) Less(i, j int) bool { return (*q)[i].until < (*q)[j].until }
func (q *queue) Swap(i, j int)      { (*q)[i], (*q)[j] = (*q)[j], (*q)[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	e, _ := x.(entry)
	*q = append(*q, e)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}
