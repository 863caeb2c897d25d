package revocations

import (
	"log/slog"

	"wxlogin/ports"
)

// NewSmallFeed makes a feed that remembers at most bound revocations.
func NewSmallFeed(bound int, store ports.RevocationLog, clock ports.Clock, log *slog.Logger) *Feed {
	f := NewFeed(store, clock, log)
	f.known = newKnown(bound)
	return f
}
