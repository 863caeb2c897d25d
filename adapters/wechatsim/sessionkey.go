package wechatsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// checkSession is GET /wxa/checksession.
func (s *Simulator) checkSession(r request) answer {
	m, code := s.signatory(r)
	if code == 0 && !r.signedWith(s.people.keyOf(m)) {
		code = signatureInvalid
	}
	if code != 0 {
		return failure(code, r.now)
	}
	return success(nil)
}

// resetKey is GET /wxa/resetusersessionkey.
func (s *Simulator) resetKey(r request) answer {
	m, code := s.signatory(r)
	if code != 0 {
		return failure(code, r.now)
	}
	key, ok := s.people.replace(m, r.signedWith)
	if !ok {
		return failure(signatureInvalid, r.now)
	}
	return success(answer{"openid": m.openID, "session_key": key})
}

// signatory returns the member whose key the call claims to know. An openid that
// the app does not know has no key, so nothing was signed with it.
func (s *Simulator) signatory(r request) (*member, errcode) {
	switch {
	case r.token != 0:
		return nil, r.token
	case r.sigMethod != "hmac_sha256":
		return nil, sigMethodInvalid
	}
	m := s.people.find(r.app, r.OpenID)
	if m == nil {
		return nil, signatureInvalid
	}
	return m, 0
}

func (r request) signedWith(key string) bool {
	return hmac.Equal([]byte(r.signature), []byte(userSignature(key, "")))
}

// userSignature signs with the text of the key, not with the bytes it encodes:
// https://developers.weixin.qq.com/minigame/en/dev/tutorial/open-ability/http-signature.html
func userSignature(key, message string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}
