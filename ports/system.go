package ports

import (
	"time"

	"wxlogin/domain"
)

// Clock tells the time.
type Clock interface {
	// Now returns the current time in UTC.
	Now() time.Time
}

// Entropy makes what nobody may guess or repeat.
type Entropy interface {
	// NewID returns a UUIDv7: unique, sortable by time, no secret.
	NewID() string

	// NewToken returns 256 bits from a cryptographic source, as 43 characters of
	// unpadded base64url.
	NewToken() domain.Secret
}
