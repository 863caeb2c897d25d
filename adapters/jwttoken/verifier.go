package jwttoken

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	maxTokenBytes = 8 << 10
	leeway        = 30 * time.Second
	alphabet      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// segments refuses padding and a last character that could be another.
var segments = base64.RawURLEncoding.Strict()

// Why a token is refused, for the log. All are the same promise.
var (
	errForm      = refusal("not three segments of base64url within 8 KiB")
	errHeader    = refusal("header is not exactly alg, kid and typ")
	errType      = refusal("no access token by its typ")
	errKey       = refusal("unknown kid, or alg is not the key's")
	errSignature = refusal("signature is wrong")
	errClaims    = refusal("claims are missing, doubled or of a wrong type")
	errIssuer    = refusal("made by another issuer")
	errAudience  = refusal("made for another audience")
	errEarly     = refusal("not valid yet")
	errExpired   = fmt.Errorf("jwttoken: %w", domain.ErrTokenExpired)
)

func refusal(why string) error { return fmt.Errorf("jwttoken: %w: %s", domain.ErrTokenInvalid, why) }

// AccessTokenVerifier implements ports.AccessTokenVerifier.
type AccessTokenVerifier struct {
	ring     *Keyring
	issuer   string
	audience string
	known    *memory
}

var _ ports.AccessTokenVerifier = (*AccessTokenVerifier)(nil)

// NewAccessTokenVerifier accepts what any key that is in ring at the time signed
// for cfg's issuer and audience.
func NewAccessTokenVerifier(ring *Keyring, cfg config.Tokens) *AccessTokenVerifier {
	return &AccessTokenVerifier{ring, cfg.Issuer, cfg.Audience, newMemory()}
}

// VerifyAccessToken implements ports.AccessTokenVerifier: no claim is looked at
// before the signature is known to be ours. A token asked about again is not
// verified again, but everything else is looked at as at first.
func (v *AccessTokenVerifier) VerifyAccessToken(_ context.Context, token domain.Secret, now time.Time) (domain.AccessToken, error) {
	c, err := v.genuine(token.Reveal())
	if err != nil {
		return domain.AccessToken{}, err
	}
	if err := v.check(c, now); err != nil {
		return domain.AccessToken{}, err
	}
	return domain.AccessToken{
		Caller: domain.Caller{
			UserID:    domain.UserID(c.subject),
			SessionID: domain.SessionID(c.session),
			AppID:     domain.AppID(c.client),
		},
		ID: c.id, IssuedAt: c.issuedAt, ExpiresAt: c.expiresAt,
	}, nil
}

// genuine returns the claims of a token that one of our keys signed.
func (v *AccessTokenVerifier) genuine(token string) (*claims, error) {
	keys := v.ring.keys.Load()
	if c := v.known.recall(token, keys); c != nil {
		return c, nil
	}
	payload, signer, err := keys.signed(token)
	if err != nil {
		return nil, err
	}
	c, ok := readClaims(payload)
	if !ok {
		return nil, errClaims
	}
	v.known.keep(token, &c, signer)
	return &c, nil
}

// signed returns the payload of a token that one of the keys signed, and the key.
// What is cheap comes first.
func (s *keySet) signed(token string) ([]byte, *key, error) {
	p, ok := split(token)
	if !ok {
		return nil, nil, errForm
	}
	h, ok := readHeader(p.header)
	switch {
	case !ok:
		return nil, nil, errHeader
	case !strings.EqualFold(h.typ, "at+jwt") && !strings.EqualFold(h.typ, "application/at+jwt"):
		return nil, nil, errType
	}
	k := s.byID[h.kid]
	if k == nil || h.alg != k.method.Alg() {
		return nil, nil, errKey
	}
	if k.method.Verify(p.text, p.signature, k.public()) != nil {
		return nil, nil, errSignature
	}
	return p.payload, k, nil
}

// parts is a token taken apart, its segments decoded.
type parts struct {
	text                       string // what the signature is of
	header, payload, signature []byte
}

// split accepts one spelling of a token only: the decoder alone would pass over
// line breaks.
func split(token string) (p parts, ok bool) {
	if len(token) > maxTokenBytes || strings.Trim(token, alphabet+".") != "" {
		return p, false
	}
	header, rest, _ := strings.Cut(token, ".")
	payload, signature, ok := strings.Cut(rest, ".")
	if !ok {
		return p, false
	}
	p.text = token[:len(header)+1+len(payload)]
	var faults [3]error
	p.header, faults[0] = segments.DecodeString(header)
	p.payload, faults[1] = segments.DecodeString(payload)
	p.signature, faults[2] = segments.DecodeString(signature)
	return p, errors.Join(faults[:]...) == nil
}
