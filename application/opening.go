package application

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// SessionOpener opens sessions: what every way of logging in ends with.
type SessionOpener struct {
	sessions ports.SessionRepository
	sealer   ports.SessionKeySealer
	grants   *Granter
	ids      ports.Entropy
	policy   Policy
}

// NewSessionOpener makes the opener of its parts.
func NewSessionOpener(sessions ports.SessionRepository, sealer ports.SessionKeySealer,
	grants *Granter, ids ports.Entropy, policy Policy,
) *SessionOpener {
	return &SessionOpener{sessions, sealer, grants, ids, policy}
}

// open stores a new session of user, then signs its tokens: no token leaves
// before its session is durable.
func (o *SessionOpener) open(ctx context.Context, cmd ports.LoginCommand, user domain.WeChatUser,
	key domain.Secret, now time.Time,
) (ports.Login, error) {
	session := domain.StartSession(domain.SessionID(o.ids.NewID()), user, cmd.Device, o.lifetimes(cmd), now)
	if err := o.keep(key, &session); err != nil {
		return ports.Login{}, err
	}
	refresh, err := o.begin(&session, cmd)
	if err != nil {
		return ports.Login{}, err
	}
	login := ports.Login{Session: session, At: now}
	if cmd.Compat {
		if login.Compat, err = o.compat(ctx, session, key, now); err != nil {
			return ports.Login{}, err
		}
	}
	if err := o.sessions.Save(ctx, session); err != nil {
		return ports.Login{}, err
	}
	login.Tokens, err = o.grants.tokens(ctx, session, refresh, now)
	return login, err
}

// keep seals the key. Where there is none, as in a login without a code, the store
// keeps the one that the device has already: to WeChat nothing has happened.
func (o *SessionOpener) keep(key domain.Secret, session *domain.Session) (err error) {
	if !key.Empty() {
		session.Key, err = o.sealer.Seal(key, session.Identity)
	}
	return err
}

// begin gives a new session its first refresh token, unless it is one that
// cannot be renewed, and keeps the token for a client that may have to ask again.
func (o *SessionOpener) begin(session *domain.Session, cmd ports.LoginCommand) (domain.Secret, error) {
	if cmd.Compat {
		return domain.Secret{}, nil
	}
	token := domain.NewRefreshToken(o.ids.NewToken())
	session.Family, session.Refresh = token.Family(), token.Hash()
	if cmd.IdempotencyKey.Empty() {
		return token.Secret(), nil
	}
	attempt := attemptOf(session.AppID, cmd)
	sealed, err := sealToken(token.Secret(), attempt.secret)
	session.Retry = domain.LoginRetry{Key: attempt.key, Refresh: sealed}
	return token.Secret(), err
}

func (o *SessionOpener) lifetimes(cmd ports.LoginCommand) domain.Lifetimes {
	if !cmd.Compat {
		return o.policy.Sessions
	}
	d := o.policy.CompatToken
	return domain.Lifetimes{Idle: d, Absolute: d, Deviceless: d}
}

// compat gathers what older protocols tell their clients of the login.
func (o *SessionOpener) compat(ctx context.Context, next domain.Session, key domain.Secret, now time.Time) (*ports.CompatLogin, error) {
	live, err := o.sessions.FindLive(ctx, next.Identity, now)
	if err != nil {
		return nil, err
	}
	return &ports.CompatLogin{HadSession: len(live) > 0, SessionKey: key}, nil
}
