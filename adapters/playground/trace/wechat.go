package trace

import (
	"context"

	"wxlogin/domain"
	"wxlogin/ports"
)

// The endpoints of WeChat that steps are named after.
const (
	codeToSession = "jscode2session"
	phoneNumber   = "getuserphonenumber"
	stableToken   = "stable_token"
	checkSession  = "checksession"
)

// codes notes when WeChat is asked whose a login code is.
type codes struct {
	ports.CodeExchanger
	notes *Recorder
}

// ExchangeCode implements ports.CodeExchanger.
func (c codes) ExchangeCode(ctx context.Context, app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	end := c.notes.begin(ctx, WeChat, codeToSession)
	exchange, err := c.CodeExchanger.ExchangeCode(ctx, app, code)
	end("openid, session_key", err)
	return exchange, err
}

// phones notes when WeChat is asked for a number.
type phones struct {
	ports.PhoneCodeExchanger
	notes *Recorder
}

// ExchangePhoneCode implements ports.PhoneCodeExchanger.
func (p phones) ExchangePhoneCode(ctx context.Context, identity domain.WeChatIdentity, code domain.Secret) (domain.PhoneNumber, error) {
	end := p.notes.begin(ctx, WeChat, phoneNumber)
	number, err := p.PhoneCodeExchanger.ExchangePhoneCode(ctx, identity, code)
	end("phone number", err)
	return number, err
}

// tokens notes when an access_token of WeChat's is wanted. It may be at hand.
type tokens struct {
	ports.PlatformTokens
	notes *Recorder
}

// PlatformToken implements ports.PlatformTokens.
func (t tokens) PlatformToken(ctx context.Context, app domain.AppID) (domain.PlatformToken, error) {
	end := t.notes.begin(ctx, WeChat, stableToken)
	token, err := t.PlatformTokens.PlatformToken(ctx, app)
	end("access_token", err)
	return token, err
}

// ReplacePlatformToken implements ports.PlatformTokens.
func (t tokens) ReplacePlatformToken(ctx context.Context, app domain.AppID, refused domain.Secret) (domain.PlatformToken, error) {
	end := t.notes.begin(ctx, WeChat, stableToken)
	token, err := t.PlatformTokens.ReplacePlatformToken(ctx, app, refused)
	end("access_token", err)
	return token, err
}

// keys notes when WeChat is asked about a session_key.
type keys struct {
	ports.SessionKeyChecker
	notes *Recorder
}

// CheckSessionKey implements ports.SessionKeyChecker.
func (k keys) CheckSessionKey(ctx context.Context, identity domain.WeChatIdentity, key domain.Secret) (bool, error) {
	end := k.notes.begin(ctx, WeChat, checkSession)
	present, err := k.SessionKeyChecker.CheckSessionKey(ctx, identity, key)
	end(either(present, "present", "outdated"), err)
	return present, err
}
