// Package system is the machine's clock and its randomness. It is the only place
// where the service takes either.
package system

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Clock implements ports.Clock.
type Clock struct{}

var _ ports.Clock = Clock{}

// NewClock returns the machine's clock.
func NewClock() Clock { return Clock{} }

// Now implements ports.Clock.
func (Clock) Now() time.Time { return time.Now().UTC() }

// Pauser implements ports.Pauser.
type Pauser struct{}

var _ ports.Pauser = Pauser{}

// NewPauser returns one that waits by the machine's clock.
func NewPauser() Pauser { return Pauser{} }

// Pause implements ports.Pauser.
func (Pauser) Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Entropy implements ports.Entropy. It is safe for concurrent use.
type Entropy struct{}

var _ ports.Entropy = Entropy{}

// NewEntropy returns the operating system's randomness.
func NewEntropy() Entropy { return Entropy{} }

// NewID implements ports.Entropy. An ID made after another in this process sorts
// after it, even within one millisecond.
func (Entropy) NewID() string {
	id, _ := uuid.NewV7() // fails where crypto/rand does, which ends the program instead
	return id.String()
}

// NewToken implements ports.Entropy.
func (Entropy) NewToken() domain.Secret {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return domain.NewSecret(base64.RawURLEncoding.EncodeToString(raw))
}
