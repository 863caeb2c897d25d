package application

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// retryFor is how long a login may be repeated: the life of WeChat's codes.
const retryFor = 5 * time.Minute

// sinceLogin is more than what is written down of a user in retryFor.
const sinceLogin = 50

// retryPauses are the waits for the session of a first try that is under way yet,
// here or on another replica: 2.5 seconds in all.
var retryPauses = []time.Duration{
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond,
	400 * time.Millisecond, 800 * time.Millisecond, time.Second,
}

// LoginRetrier answers clients that repeat a login whose answer they lost.
type LoginRetrier struct {
	sessions ports.RefreshRepository
	users    ports.UserRepository
	audit    ports.AuditLog
	accounts *AccountKeeper
	grants   *Granter
	clock    ports.Clock
	pauser   ports.Pauser
	events   ports.EventSink
}

// NewLoginRetrier makes the retrier of its parts.
func NewLoginRetrier(sessions ports.RefreshRepository, users ports.UserRepository, audit ports.AuditLog, accounts *AccountKeeper,
	grants *Granter, clock ports.Clock, pauser ports.Pauser, events ports.EventSink,
) *LoginRetrier {
	return &LoginRetrier{sessions, users, audit, accounts, grants, clock, pauser, events}
}

// attempt is a login that may be repeated.
type attempt struct {
	key    domain.LoginKey
	secret domain.Secret // only who has both the code and the key can name it
}

func attemptOf(app domain.AppID, cmd ports.LoginCommand) attempt {
	// An app's id holds no line break.
	secret := strings.Join([]string{"wxlogin login", string(app), cmd.Code.Reveal(), cmd.IdempotencyKey.Reveal()}, "\n")
	sum := sha256.Sum256([]byte(secret))
	return attempt{domain.LoginKey(base64.RawURLEncoding.EncodeToString(sum[:])), domain.NewSecret(secret)}
}

// repeat returns the login that cmd made before, or ErrCodeUsed.
func (r *LoginRetrier) repeat(ctx context.Context, app domain.AppID, cmd ports.LoginCommand) (ports.Login, error) {
	a := attemptOf(app, cmd)
	session, err := r.await(ctx, a.key)
	if err != nil {
		return ports.Login{}, err
	}
	now := r.clock.Now()
	refresh, err := openToken(session.Retry.Refresh, a.secret)
	if err != nil || now.After(session.CreatedAt.Add(retryFor)) {
		return ports.Login{}, domain.ErrCodeUsed
	}
	user, err := r.users.Find(ctx, session.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		return ports.Login{}, domain.ErrCodeUsed
	}
	if err != nil {
		return ports.Login{}, err
	}
	if err := user.Admit(); err != nil {
		return ports.Login{}, err
	}
	if !user.DeletionAt.IsZero() { // who left since logs in anew
		return ports.Login{}, domain.ErrCodeUsed
	}
	restored, err := r.restored(ctx, session)
	if err != nil {
		return ports.Login{}, err
	}
	tokens, err := r.grants.tokens(ctx, session, refresh, now)
	if err != nil {
		return ports.Login{}, err
	}
	r.events.Report(ctx, domain.Event{Name: domain.EventLoginRetried, UserID: user.ID, SessionID: session.ID, AppID: app})
	return ports.Login{
		Account: r.accounts.show(user), NewUser: madeBy(session, user), Restored: restored,
		Session: session, Tokens: tokens, At: now,
	}, nil
}

// madeBy reports whether the login that began session made the user, whoever has
// joined it since.
func madeBy(session domain.Session, user domain.WeChatUser) bool {
	return slices.ContainsFunc(user.All(), func(one domain.WeChatUser) bool {
		return one.Identity.Key() == session.Identity && one.Original() == user.ID && one.CreatedAt.Equal(session.CreatedAt)
	})
}

// restored reports whether the login that began session took a deletion back. One
// after it would have found the session ended.
func (r *LoginRetrier) restored(ctx context.Context, session domain.Session) (bool, error) {
	entries, err := r.audit.FindEntries(ctx, session.UserID, sinceLogin)
	return slices.ContainsFunc(entries, func(e domain.AuditEntry) bool {
		return e.Action == domain.AuditDeletionCancelled && !e.At.Before(session.CreatedAt)
	}), err
}

// await looks for the session of a first try, for 2.5 seconds in all. A first try
// may be with WeChat for longer: its session is not found then, and a try after
// it finds it.
func (r *LoginRetrier) await(ctx context.Context, key domain.LoginKey) (domain.Session, error) {
	for _, pause := range retryPauses {
		session, err := r.sessions.FindByLogin(ctx, key, r.clock.Now())
		if !errors.Is(err, domain.ErrNotFound) {
			return session, err
		}
		if err := r.pauser.Pause(ctx, pause); err != nil {
			return domain.Session{}, domain.ErrCodeUsed
		}
	}
	session, err := r.sessions.FindByLogin(ctx, key, r.clock.Now())
	if errors.Is(err, domain.ErrNotFound) {
		return domain.Session{}, domain.ErrCodeUsed
	}
	return session, err
}
