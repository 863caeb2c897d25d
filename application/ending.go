package application

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// endRounds bounds how many lists of sessions endAll works through: more than
// anyone should have.
const endRounds = 50

// SessionEnder ends sessions: their refresh tokens by removing them, their access
// tokens by revoking them.
//
// Both are writes, and the second may fail after the first. What lets whoever
// asked ask again therefore goes last.
type SessionEnder struct {
	sessions    ports.SessionRepository
	revocations ports.Revocations
	policy      Policy
}

// NewSessionEnder makes the ender of its parts.
func NewSessionEnder(sessions ports.SessionRepository, revocations ports.Revocations, policy Policy) *SessionEnder {
	return &SessionEnder{sessions, revocations, policy}
}

// end ends a session for one who does not ask with its access token.
func (e *SessionEnder) end(ctx context.Context, session domain.Session, now time.Time) error {
	if err := e.revocations.Revoke(ctx, e.policy.revocation(session, now)); err != nil {
		return err
	}
	return e.sessions.Delete(ctx, session.UserID, session.ID)
}

// half reports whether session was revoked, as far as is known here, by one who
// did not get to remove it.
func (e *SessionEnder) half(session domain.Session) bool {
	return e.revocations.Revoked(session.ID) || session.CreatedAt.Before(e.revocations.RevokedBefore(session.UserID))
}

// endOwn ends the session that caller's access token is of. It may be gone from
// the store already; then its tokens are taken to live as long as any. What else
// is to be revoked with it goes into the same write, the last.
func (e *SessionEnder) endOwn(ctx context.Context, caller domain.Caller, now time.Time, also ...domain.Revocation) error {
	revocation := domain.Revocation{SessionID: caller.SessionID, At: now, Until: now.Add(e.policy.anyTokenLife() + clockSkew)}
	live, err := e.sessions.FindLiveOf(ctx, caller.UserID, now, caller.SessionID)
	if err != nil {
		return err
	}
	for _, s := range live {
		revocation = e.policy.revocation(s, now)
	}
	if err := e.sessions.Delete(ctx, caller.UserID, caller.SessionID); err != nil {
		return err
	}
	return e.revocations.Revoke(ctx, append(also, revocation)...)
}

// endAll ends all sessions that user has, but for the one named except. Of one who
// has more than anyone should it ends as many as it may: whoever asks again goes on.
func (e *SessionEnder) endAll(ctx context.Context, user domain.UserID, except domain.SessionID, now time.Time) error {
	ended := 0
	for range endRounds {
		live, err := e.sessions.FindLiveOf(ctx, user, now)
		if err != nil {
			return err
		}
		ids, err := e.revoke(ctx, live, except, now)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := e.sessions.Delete(ctx, user, ids...); err != nil {
			return err
		}
		ended += len(ids)
	}
	return fmt.Errorf("%w: no fault of the store: %d sessions were ended, and the user has more", domain.ErrStoreUnavailable, ended)
}

// revokeAll revokes the access tokens of all sessions that user began until now,
// and leaves the sessions. Tokens tell seconds, so that it is until the next.
func (e *SessionEnder) revokeAll(ctx context.Context, user domain.UserID, now time.Time) error {
	return e.revocations.Revoke(ctx, e.policy.revocationOf(user, now.Truncate(time.Second).Add(time.Second)))
}

// endOf ends all sessions of a user: those that are stored, and then the access
// tokens of whatever began until now.
func (e *SessionEnder) endOf(ctx context.Context, user domain.UserID, now time.Time) error {
	if err := e.endAll(ctx, user, "", now); err != nil {
		return err
	}
	return e.revokeAll(ctx, user, now)
}

// endEvery ends all sessions of the caller's user, the caller's own included.
// Those of which nothing is stored any more are revoked by when they began: before
// this second, for who begins one in it is not to be kept out.
func (e *SessionEnder) endEvery(ctx context.Context, caller domain.Caller, now time.Time) error {
	if err := e.endAll(ctx, caller.UserID, caller.SessionID, now); err != nil {
		return err
	}
	return e.endOwn(ctx, caller, now, e.policy.revocationOf(caller.UserID, now.Truncate(time.Second)))
}

func (e *SessionEnder) revoke(ctx context.Context, live []domain.Session, except domain.SessionID, now time.Time) ([]domain.SessionID, error) {
	var ids []domain.SessionID
	var revocations []domain.Revocation
	for _, s := range live {
		if s.ID != except {
			ids = append(ids, s.ID)
			revocations = append(revocations, e.policy.revocation(s, now))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return ids, e.revocations.Revoke(ctx, revocations...)
}
