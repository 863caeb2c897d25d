package jwttoken

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// AccessTokenIssuer implements ports.AccessTokenIssuer.
type AccessTokenIssuer struct {
	ring     *Keyring
	issuer   string
	audience string
	ids      ports.Entropy
}

var _ ports.AccessTokenIssuer = (*AccessTokenIssuer)(nil)

// NewAccessTokenIssuer signs with the key of ring whose turn it is.
func NewAccessTokenIssuer(ring *Keyring, cfg config.Tokens, ids ports.Entropy) *AccessTokenIssuer {
	return &AccessTokenIssuer{ring, cfg.Issuer, cfg.Audience, ids}
}

// payload is a token's claims, as written.
type payload struct {
	Issuer    string           `json:"iss"`
	Subject   domain.UserID    `json:"sub"`
	Audience  string           `json:"aud"`
	ExpiresAt int64            `json:"exp"` // seconds since 1970, as IssuedAt
	IssuedAt  int64            `json:"iat"`
	ID        string           `json:"jti"`
	SessionID domain.SessionID `json:"sid"`
	ClientID  domain.AppID     `json:"client_id"`
}

// IssueAccessToken implements ports.AccessTokenIssuer. The key is the one whose
// turn it is at issuedAt.
func (i *AccessTokenIssuer) IssueAccessToken(_ context.Context, caller domain.Caller, issuedAt, expiresAt time.Time) (domain.Secret, error) {
	claims, err := json.Marshal(payload{
		Issuer: i.issuer, Subject: caller.UserID, Audience: i.audience,
		ExpiresAt: expiresAt.Unix(), IssuedAt: issuedAt.Unix(),
		ID: i.ids.NewID(), SessionID: caller.SessionID, ClientID: caller.AppID,
	})
	if err != nil {
		return domain.Secret{}, fmt.Errorf("jwttoken: write claims: %w", err)
	}
	k := i.ring.keys.Load().signer(issuedAt)
	text := k.header + encode(claims)
	signature, err := k.method.Sign(text, k.private())
	if err != nil {
		return domain.Secret{}, fmt.Errorf("jwttoken: sign: %w", err)
	}
	return domain.NewSecret(text + "." + encode(signature)), nil
}
