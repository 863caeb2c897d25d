package application

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// SessionKeys finds the session_keys that may open what a client was handed.
type SessionKeys struct {
	sessions ports.SessionRepository
	sealer   ports.SessionKeySealer
	policy   Policy
}

// NewSessionKeys makes the finder of its parts.
func NewSessionKeys(sessions ports.SessionRepository, sealer ports.SessionKeySealer, policy Policy) *SessionKeys {
	return &SessionKeys{sessions, sealer, policy}
}

// heldKey is a session_key with the session that it is stored with.
type heldKey struct {
	session domain.Session
	key     domain.Secret
}

// mostKeys is how many keys of other sessions than the caller's are tried.
const mostKeys = 20

// ofCaller returns the keys of the caller's user in the caller's app: first that of
// the caller's session, then those of the newest others, newest first.
func (k *SessionKeys) ofCaller(ctx context.Context, caller domain.Caller, now time.Time) ([]heldKey, error) {
	live, err := k.sessions.FindLiveOf(ctx, caller.UserID, now)
	if err != nil {
		return nil, err
	}
	var own, others []domain.Session
	for _, s := range live {
		switch {
		case s.ID == caller.SessionID:
			own = append(own, s)
		case s.AppID == caller.AppID && s.Key != "" && len(others) < mostKeys:
			others = append(others, s)
		}
	}
	if len(own) == 0 { // it may be older than all that are listed
		if own, err = k.sessions.FindLiveOf(ctx, caller.UserID, now, caller.SessionID); err != nil {
			return nil, err
		}
	}
	return k.open(append(own, others...)), nil
}

// ofIdentity returns the keys of a person in an app, newest first.
func (k *SessionKeys) ofIdentity(ctx context.Context, key domain.IdentityKey, now time.Time) ([]heldKey, error) {
	live, err := k.sessions.FindLive(ctx, key, now)
	if err != nil {
		return nil, err
	}
	return k.open(live), nil
}

// open passes over sessions without a key. One that is sealed under a key that is
// gone is as good as absent.
func (k *SessionKeys) open(sessions []domain.Session) []heldKey {
	var held []heldKey
	for _, s := range sessions {
		if s.Key == "" {
			continue
		}
		if key, err := k.sealer.Open(s.Key, s.Identity); err == nil && !key.Empty() {
			held = append(held, heldKey{s, key})
		}
	}
	return held
}

// window is when open data must have been made to be believed now.
func (k *SessionKeys) window(now time.Time) ports.OpenDataWindow {
	return ports.OpenDataWindow{Now: now, MaxAge: k.policy.OpenDataAge}
}

// tryKeys reads data, which a client was handed, with the first of the keys that
// opens it.
func tryKeys[T any](data domain.OpenData, keys []heldKey, read func(heldKey) (T, error)) (found T, err error) {
	if !data.WellFormed() {
		return found, domain.ErrOpenDataInvalid
	}
	for _, held := range keys {
		if found, err = read(held); err == nil {
			return found, nil
		}
	}
	var none T
	return none, domain.ErrOpenDataStale
}
