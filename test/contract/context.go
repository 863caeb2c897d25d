package contract

import (
	"context"
	"errors"
	"testing"

	"wxlogin/domain"
)

// over is a context whose caller has gone.
func over(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// wantRefused accepts what a store may answer to a context that is over: nothing
// wrong, because it was done before anyone looked, or that it is not available.
func wantRefused(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("%s with a context that is over: got %v, want nil or %v", what, err, domain.ErrStoreUnavailable)
	}
}
