package jwttoken

import (
	"context"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// AccessTokenIssuer implements ports.AccessTokenIssuer.
type AccessTokenIssuer struct {
	key      *key
	issuer   string
	audience string
	ids      ports.Entropy
}

var _ ports.AccessTokenIssuer = (*AccessTokenIssuer)(nil)

// NewAccessTokenIssuer signs with the newest key of keys for cfg.Alg.
func NewAccessTokenIssuer(keys *Keyring, cfg config.Tokens, ids ports.Entropy) *AccessTokenIssuer {
	return &AccessTokenIssuer{keys.signing, cfg.Issuer, cfg.Audience, ids}
}

// IssueAccessToken implements ports.AccessTokenIssuer.
func (i *AccessTokenIssuer) IssueAccessToken(_ context.Context, caller domain.Caller, issuedAt, expiresAt time.Time) (domain.Secret, error) {
	token := &jwt.Token{
		Method: i.key.method,
		Header: map[string]any{"typ": "at+jwt", "alg": i.key.method.Alg(), "kid": i.key.id},
		Claims: jwt.MapClaims{
			"iss":       i.issuer,
			"sub":       caller.UserID,
			"aud":       i.audience,
			"exp":       expiresAt.Unix(),
			"iat":       issuedAt.Unix(),
			"jti":       i.ids.NewID(),
			"sid":       caller.SessionID,
			"client_id": caller.AppID,
		},
	}
	text, err := token.SignedString(i.key.private())
	if err != nil {
		return domain.Secret{}, fmt.Errorf("jwttoken: sign: %w", err)
	}
	return domain.NewSecret(text), nil
}
