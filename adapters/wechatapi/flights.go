package wechatapi

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"wxlogin/domain"
	"wxlogin/ports"
)

// flightKey names a code on its way. It lives in memory as long as the call.
type flightKey struct {
	app  domain.AppID
	code string
}

// flight is a call under way.
type flight struct {
	landed chan struct{} // closed when err is set
	err    error
}

// flights lets parallel requests with one code share one call. The zero value is
// ready. It is not singleflight: only the first request may have the result, for
// it is one login, and a code works once.
type flights struct {
	mu  sync.Mutex
	out map[flightKey]*flight
}

// errLost is what followers are told if the first request's call panicked.
var errLost = unavailable(errors.New("the call of a parallel request was lost"))

// share runs call if no other of its key is under way. Else it waits for that
// one: where it succeeds, the code is used, and where it fails, the error is the
// same.
func (f *flights) share(ctx context.Context, key flightKey, call func() (ports.CodeExchange, error)) (ports.CodeExchange, error) {
	own, first := f.board(key)
	if !first {
		return ports.CodeExchange{}, own.follow(ctx)
	}
	own.err = errLost
	defer func() {
		f.mu.Lock()
		delete(f.out, key)
		f.mu.Unlock()
		close(own.landed)
	}()
	var result ports.CodeExchange
	result, own.err = call()
	return result, own.err
}

// board returns the flight of key, and whether it begins here.
func (f *flights) board(key flightKey) (*flight, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if under, ok := f.out[key]; ok {
		return under, false
	}
	if f.out == nil {
		f.out = make(map[flightKey]*flight)
	}
	begun := &flight{landed: make(chan struct{})}
	f.out[key] = begun
	return begun, true
}

func (f *flight) follow(ctx context.Context) error {
	select {
	case <-f.landed:
	case <-ctx.Done():
		return fmt.Errorf("wechatapi: %w: wait for a parallel request: %w", domain.ErrPlatformUnavailable, ctx.Err())
	}
	if f.err != nil {
		return f.err
	}
	return fmt.Errorf("wechatapi: %w: by a parallel request", domain.ErrCodeUsed)
}
