package wechatapi

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"wxlogin/domain"
)

// When a breaker opens: of at least breakerSample calls in breakerWindow, half or
// more got no sensible answer. After breakerPause one call is let through to see.
const (
	breakerRate   = 0.5
	breakerSample = 20
	breakerWindow = 10 * time.Second
	breakerPause  = time.Second
)

// guard keeps trouble that one app has with one kind of call from becoming
// everyone's: a bulkhead bounds the calls under way, a breaker stops asking where
// nothing answers, and a budget bounds second tries.
type guard struct {
	seats   bulkhead.Bulkhead[any]
	breaker circuitbreaker.CircuitBreaker[any]
	wait    time.Duration // for a seat
	retries *retryBudget
}

func newGuard(concurrent uint) guard {
	breaker := circuitbreaker.NewBuilder[any]().
		WithFailureRateThreshold(breakerRate, breakerSample, breakerWindow).
		WithDelay(breakerPause).
		WithSuccessThreshold(1).
		Build()
	return guard{seats: bulkhead.New[any](concurrent), breaker: breaker, wait: awaitSeat, retries: new(retryBudget)}
}

var errHeldBack = errors.New("breaker is open")

// awaitSeat is how long a call waits for a seat: a moment, to take the edge off a
// burst. Who waits longer had better be told.
const awaitSeat = 500 * time.Millisecond

// seat takes a seat, waiting a moment for one, and returns what to call at the
// end. Where the breaker is open nobody waits for nothing. A full house is no
// failure of WeChat's.
func (g guard) seat(ctx context.Context) (leave func(), err error) {
	if g.holdsBack() {
		return nil, unavailable(errHeldBack)
	}
	if err := g.seats.AcquirePermitWithMaxWait(ctx, g.wait); err != nil {
		return nil, fmt.Errorf("%w: too many calls under way", domain.ErrOverloaded)
	}
	return g.seats.ReleasePermit, nil
}

// record tells the breaker whether WeChat gave a sensible answer, be it a refusal.
func (g guard) record(sensible bool) {
	if sensible {
		g.breaker.RecordSuccess()
	} else {
		g.breaker.RecordFailure()
	}
}

// holdsBack reports whether no call would get through. A breaker stays open
// until somebody calls, but once its pause is over somebody may.
func (g guard) holdsBack() bool {
	return g.breaker.IsOpen() && g.breaker.RemainingDelay() > 0
}

// retryBudget bounds second tries to a tenth of all calls, so that a WeChat that
// is busy is not made busier. The zero value allows maxRetries at once.
type retryBudget struct {
	mu    sync.Mutex
	spent float64
}

const (
	maxRetries    = 10
	retriesPerTry = 0.1
)

func (b *retryBudget) earn() {
	b.mu.Lock()
	b.spent = max(0, b.spent-retriesPerTry)
	b.mu.Unlock()
}

func (b *retryBudget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spent+1 > maxRetries {
		return false
	}
	b.spent++
	return true
}

// pause waits 50 to 150 ms before a second try, and reports whether there is
// time for one.
func pause(ctx context.Context) bool {
	select {
	case <-time.After(50*time.Millisecond + rand.N(100*time.Millisecond)): //nolint:gosec // spreads load, guards nothing
		return true
	case <-ctx.Done():
		return false
	}
}
