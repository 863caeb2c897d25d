// Package trace notes what single requests did behind the service: what they
// asked of the store and of WeChat, in which order, for how long, and how it
// ended. It stands between the use cases and their ports in "wxlogin dev" only,
// and changes nothing of what passes. What is noted holds no value of anybody's:
// names of operations, counts, and codes of promised errors.
package trace

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"wxlogin/domain"
)

// Lane is who was asked.
type Lane string

// The lanes.
const (
	Store  Lane = "store"
	WeChat Lane = "wechat"
)

// Step is one call of a port.
type Step struct {
	To      Lane
	Name    string // the operation, or the name of WeChat's endpoint
	Outcome string // in a word or two; empty where it failed
	Error   string // the code of a promised error, "internal" for every other; empty where it succeeded
	At      time.Time
	Took    time.Duration
}

// What is remembered at most: the latest requests, and of each the first steps.
const (
	maxRequests = 512
	maxSteps    = 64
)

// Recorder remembers the steps of the latest requests.
type Recorder struct {
	requestOf func(context.Context) string

	mu    sync.Mutex
	steps map[string][]Step
	order []string // oldest first
}

// NewRecorder makes a recorder. requestOf returns the id of the request that a
// context belongs to; steps that belong to none are not noted.
func NewRecorder(requestOf func(context.Context) string) *Recorder {
	return &Recorder{requestOf: requestOf, steps: map[string][]Step{}}
}

// Steps returns what the request did so far, in the order in which it ended. None
// is no error: the request may have done nothing, or be forgotten.
func (r *Recorder) Steps(request string) []Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.steps[request])
}

// begin notes when a call begins. What it returns is called at its end.
func (r *Recorder) begin(ctx context.Context, to Lane, name string) func(outcome string, err error) {
	request, at := r.requestOf(ctx), time.Now()
	if request == "" {
		return func(string, error) {}
	}
	return func(outcome string, err error) {
		s := Step{To: to, Name: name, Outcome: outcome, At: at, Took: time.Since(at)}
		if err != nil {
			s.Outcome, s.Error = "", codeOf(err)
		}
		r.add(request, s)
	}
}

func (r *Recorder) add(request string, s Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.steps[request]
	if len(known) >= maxSteps {
		return
	}
	if known == nil {
		r.order = append(r.order, request)
		if len(r.order) > maxRequests {
			delete(r.steps, r.order[0])
			r.order = slices.Delete(r.order, 0, 1)
		}
	}
	r.steps[request] = append(known, s)
}

// codeOf says what kind of failure it was, and nothing of its text.
func codeOf(err error) string {
	var promised *domain.Error
	if errors.As(err, &promised) {
		return promised.Code
	}
	return "internal"
}

// either is one of two words.
func either(first bool, yes, no string) string {
	if first {
		return yes
	}
	return no
}

// found is how many there were.
func found(n int) string { return strconv.Itoa(n) + " found" }
