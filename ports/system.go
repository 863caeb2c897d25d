package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// Clock tells the time.
type Clock interface {
	// Now returns the current time in UTC.
	Now() time.Time
}

// Pauser waits.
type Pauser interface {
	// Pause returns nil after d, or ctx's error where that is over before.
	Pause(ctx context.Context, d time.Duration) error
}

// EventSink hears of what happened, for logs and metrics.
type EventSink interface {
	// Report notes the event. It cannot fail, and holds nobody up.
	Report(ctx context.Context, event domain.Event)
}

// Entropy makes what nobody may guess or repeat.
type Entropy interface {
	// NewID returns a UUIDv7: unique, sortable by time, no secret.
	NewID() string

	// NewToken returns 256 bits from a cryptographic source, as 43 characters of
	// unpadded base64url.
	NewToken() domain.Secret
}
