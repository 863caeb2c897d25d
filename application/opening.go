package application

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// refreshPrefix marks refresh tokens for secret scanners.
const refreshPrefix = "wxr_"

// SessionOpener opens sessions: what every way of logging in ends with.
type SessionOpener struct {
	sessions ports.SessionRepository
	sealer   ports.SessionKeySealer
	tokens   ports.AccessTokenIssuer
	ids      ports.Entropy
	policy   Policy
}

// NewSessionOpener makes the opener of its parts.
func NewSessionOpener(sessions ports.SessionRepository, sealer ports.SessionKeySealer,
	tokens ports.AccessTokenIssuer, ids ports.Entropy, policy Policy,
) *SessionOpener {
	return &SessionOpener{sessions, sealer, tokens, ids, policy}
}

// open stores a new session of user, then signs its tokens: no token leaves
// before its session is durable.
func (o *SessionOpener) open(ctx context.Context, cmd ports.LoginCommand, user domain.WeChatUser,
	key domain.Secret, now time.Time,
) (ports.Login, error) {
	session := domain.StartSession(domain.SessionID(o.ids.NewID()), user, cmd.Device, o.lifetimes(cmd), now)
	sealed, err := o.sealer.Seal(key, session.Identity)
	if err != nil {
		return ports.Login{}, err
	}
	session.Key = sealed
	tokens := o.tokensOf(&session, cmd.Compat)
	login := ports.Login{}
	if cmd.Compat {
		if login.Compat, err = o.compat(ctx, session, key, now); err != nil {
			return ports.Login{}, err
		}
	}
	if err := o.sessions.Save(ctx, session); err != nil {
		return ports.Login{}, err
	}
	caller := domain.Caller{UserID: user.ID, SessionID: session.ID, AppID: session.AppID}
	if tokens.Access, err = o.tokens.IssueAccessToken(ctx, caller, now, tokens.AccessExpiresAt); err != nil {
		return ports.Login{}, err
	}
	login.Session, login.Tokens = session, tokens
	return login, nil
}

// tokensOf returns the tokens of a session that begins, but for the access
// token, and notes the refresh token on it. No token outlives its session.
func (o *SessionOpener) tokensOf(session *domain.Session, compat bool) ports.Tokens {
	if compat {
		return ports.Tokens{AccessExpiresAt: session.ExpiresAt}
	}
	refresh := domain.NewSecret(refreshPrefix + o.ids.NewToken().Reveal())
	session.Refresh = hashRefresh(refresh)
	accessEnd := session.CreatedAt.Add(o.policy.AccessToken)
	if accessEnd.After(session.ExpiresAt) {
		accessEnd = session.ExpiresAt
	}
	return ports.Tokens{AccessExpiresAt: accessEnd, Refresh: refresh, RefreshExpiresAt: session.ExpiresAt}
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

// hashRefresh is how a refresh token is stored. A fast hash is right for 256
// random bits.
func hashRefresh(token domain.Secret) domain.RefreshHash {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return domain.RefreshHash(base64.RawURLEncoding.EncodeToString(sum[:]))
}
