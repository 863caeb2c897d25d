package application

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Granter hands out the tokens of sessions: what logging in and refreshing share.
type Granter struct {
	issuer ports.AccessTokenIssuer
	policy Policy
}

// NewGranter makes the granter of its parts.
func NewGranter(issuer ports.AccessTokenIssuer, policy Policy) *Granter {
	return &Granter{issuer, policy}
}

// tokens returns refresh and a new access token of session, which is stored: no
// token outlives it. A session without a refresh token has one access token, as
// long as itself.
func (g *Granter) tokens(ctx context.Context, session domain.Session, refresh domain.Secret, now time.Time) (ports.Tokens, error) {
	tokens := ports.Tokens{AccessExpiresAt: session.ExpiresAt}
	if !refresh.Empty() {
		tokens.Refresh, tokens.RefreshExpiresAt = refresh, session.ExpiresAt
		if end := now.Add(g.policy.AccessToken); end.Before(session.ExpiresAt) {
			tokens.AccessExpiresAt = end
		}
	}
	caller := domain.Caller{UserID: session.UserID, SessionID: session.ID, AppID: session.AppID}
	var err error
	tokens.Access, err = g.issuer.IssueAccessToken(ctx, caller, now, tokens.AccessExpiresAt)
	if err != nil {
		return ports.Tokens{}, err
	}
	return tokens, nil
}
