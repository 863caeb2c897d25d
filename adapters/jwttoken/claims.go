package jwttoken

import (
	"slices"
	"time"
)

// header is a token's header, as read.
type header struct{ alg, kid, typ string }

// readHeader refuses every parameter that our tokens do not have. Among those
// are all that would have the reader fetch a key (jku, x5u), take one from the
// token (jwk, x5c), or read it otherwise than is done here (crit, b64, zip).
func readHeader(text []byte) (h header, ok bool) {
	ok = eachMember(text, func(name, value []byte) (ok bool) {
		switch string(name) {
		case "alg":
			h.alg, ok = readText(value)
		case "kid":
			h.kid, ok = readText(value)
		case "typ":
			h.typ, ok = readText(value)
		}
		return ok
	})
	return h, ok
}

// claims is a token's payload, as read. What is missing is zero.
type claims struct {
	issuer, subject, id, session, client string
	audiences                            []string
	expiresAt, issuedAt, notBefore       time.Time
}

// complete reports whether every claim that a token must have is there; without
// an audience it is not for us anyway.
func (c claims) complete() bool {
	return c.issuer != "" && c.subject != "" && c.id != "" && c.session != "" && c.client != "" &&
		!c.expiresAt.IsZero() && !c.issuedAt.IsZero()
}

// readClaims passes over claims that it does not know, as RFC 7519 asks.
func readClaims(text []byte) (c claims, ok bool) {
	ok = eachMember(text, func(name, value []byte) (ok bool) {
		switch string(name) {
		case "iss":
			c.issuer, ok = readText(value)
		case "sub":
			c.subject, ok = readText(value)
		case "aud":
			c.audiences, ok = readTexts(value)
		case "exp":
			c.expiresAt, ok = readTime(value)
		case "iat":
			c.issuedAt, ok = readTime(value)
		case "nbf":
			c.notBefore, ok = readTime(value)
		case "jti":
			c.id, ok = readText(value)
		case "sid":
			c.session, ok = readText(value)
		case "client_id":
			c.client, ok = readText(value)
		default:
			ok = true
		}
		return ok
	})
	return c, ok && c.complete()
}

// check comes to the end of a token's time last: "expired" says that all else is
// right.
func (v *AccessTokenVerifier) check(c *claims, now time.Time) error {
	soon := now.Add(leeway)
	switch {
	case c.issuer != v.issuer:
		return errIssuer
	case !slices.Contains(c.audiences, v.audience):
		return errAudience
	case c.issuedAt.After(soon) || c.notBefore.After(soon):
		return errEarly
	case !now.Before(c.expiresAt.Add(leeway)):
		return errExpired
	}
	return nil
}
