package application

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// ProfileReader reads the open data that a client sends along with a login.
type ProfileReader struct {
	reader ports.OpenDataReader
	keys   *SessionKeys
}

// NewProfileReader makes the reader of its parts.
func NewProfileReader(reader ports.OpenDataReader, keys *SessionKeys) *ProfileReader {
	return &ProfileReader{reader, keys}
}

// read returns the profile in data. The key of this login is tried first, then
// those of the person's live sessions, newest first: the client may have been
// handed the data just before wx.login changed the key. What cannot be read is
// a warning.
func (r *ProfileReader) read(ctx context.Context, data domain.OpenData, exchange ports.CodeExchange, now time.Time) (domain.Profile, []error) {
	if !data.Present() {
		return domain.Profile{}, nil
	}
	window := r.keys.window(now)
	profile, err := r.reader.ReadOpenData(data, exchange.SessionKey, exchange.Identity, window)
	if err == nil {
		return profile, nil
	}
	older, ferr := r.keys.ofIdentity(ctx, exchange.Identity.Key(), now)
	if ferr != nil {
		return domain.Profile{}, []error{fmt.Errorf("read open data: %w: find older keys: %w", err, ferr)}
	}
	for _, held := range older {
		if profile, err := r.reader.ReadOpenData(data, held.key, exchange.Identity, window); err == nil {
			return profile, nil
		}
	}
	return domain.Profile{}, []error{fmt.Errorf("read open data: %w", err)}
}
