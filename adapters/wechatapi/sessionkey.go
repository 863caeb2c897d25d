package wechatapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"

	"wxlogin/domain"
	"wxlogin/ports"
)

// SessionKeyChecker implements ports.SessionKeyChecker with WeChat's checksession
// and resetusersessionkey:
// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey
type SessionKeyChecker struct {
	platform *Platform
	tokens   ports.PlatformTokens
}

var _ ports.SessionKeyChecker = (*SessionKeyChecker)(nil)

// NewSessionKeyChecker makes the adapter.
func NewSessionKeyChecker(p *Platform, tokens ports.PlatformTokens) *SessionKeyChecker {
	return &SessionKeyChecker{platform: p, tokens: tokens}
}

// CheckSessionKey implements ports.SessionKeyChecker.
func (x *SessionKeyChecker) CheckSessionKey(ctx context.Context, identity domain.WeChatIdentity, key domain.Secret) (bool, error) {
	a, err := x.platform.app(identity.AppID)
	if err != nil {
		return false, err
	}
	_, err = authorized[verdict](ctx, x.platform, x.tokens, call{
		app: a, guard: &a.others, to: checkSession, query: proof(identity.OpenID, key),
	})
	if errors.Is(err, errKeyOutdated) {
		return false, nil
	}
	return err == nil, err
}

// ResetSessionKey implements ports.SessionKeyChecker. Where WeChat refused the
// access_token, there is another one for the next call.
func (x *SessionKeyChecker) ResetSessionKey(ctx context.Context, identity domain.WeChatIdentity, key domain.Secret,
) (fresh domain.Secret, ok bool, err error) {
	a, err := x.platform.app(identity.AppID)
	if err != nil {
		return domain.Secret{}, false, err
	}
	got, err := authorized[resetAnswer](ctx, x.platform, x.tokens, call{
		app: a, guard: &a.others, to: resetUserSessionKey, query: proof(identity.OpenID, key), once: true,
	})
	switch {
	case errors.Is(err, errKeyOutdated):
		return domain.Secret{}, false, nil
	case err != nil:
		return domain.Secret{}, false, err
	}
	return domain.NewSecret(got.SessionKey), true, nil
}

// resetAnswer is resetusersessionkey's answer.
type resetAnswer struct {
	SessionKey string `json:"session_key"`
	verdict
}

// fault implements answer.
func (a resetAnswer) fault() error {
	if a.SessionKey == "" || len(a.SessionKey) > longestKey {
		return errors.New("answer has no session_key")
	}
	return nil
}

// proof is what a call says of a key that it knows.
func proof(who domain.OpenID, key domain.Secret) url.Values {
	return url.Values{"openid": {string(who)}, "signature": {sign(key, "")}, "sig_method": {"hmac_sha256"}}
}

// sign signs with the text of the key, not with the bytes that it encodes:
// https://developers.weixin.qq.com/minigame/en/dev/tutorial/open-ability/http-signature.html
func sign(key domain.Secret, message string) string {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	_, _ = mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}
