package wechatapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"

	"wxlogin/domain"
)

// verdict is what every answer may say. A good one may or may not have an errcode.
type verdict struct {
	ErrCode errcode `json:"errcode"`
	ErrMsg  string  `json:"errmsg"`
}

// said implements answer, for those that embed it.
func (v verdict) said() verdict { return v }

// fault implements answer, for those of which nothing else is wanted.
func (v verdict) fault() error { return nil }

// errcode is one of WeChat's return codes. It comes as a number, and in some of
// Tencent's samples as a quoted one.
type errcode int

const errcodeBusy errcode = -1

// UnmarshalJSON implements json.Unmarshaler.
func (c *errcode) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) > 1 && text[0] == '"' {
		var quoted string
		if err := json.Unmarshal(text, &quoted); err != nil {
			return err
		}
		text = []byte(quoted)
	}
	n, err := strconv.Atoi(string(text))
	*c = errcode(n)
	return err
}

// refusal is an answer with a return code. It is what that means.
type refusal struct {
	code  errcode
	means error
	hints string
}

// Error implements error.
func (r *refusal) Error() string { return fmt.Sprintf("%v: errcode %d%s", r.means, r.code, r.hints) }

// Unwrap returns what the code means.
func (r *refusal) Unwrap() error { return r.means }

// longestKey bounds a session_key; known ones have 24 bytes.
const longestKey = 128

// session is code2Session's answer.
type session struct {
	OpenID     string `json:"openid"`
	SessionKey string `json:"session_key"`
	UnionID    string `json:"unionid"`
	verdict
}

// fault implements answer: it is nil for a complete session.
func (s session) fault() error {
	switch {
	case s.OpenID == "":
		return errors.New("answer has no openid")
	case s.SessionKey == "":
		return errors.New("answer has no session_key")
	case !domain.OpenID(s.OpenID).WellFormed(), s.UnionID != "" && !domain.UnionID(s.UnionID).WellFormed():
		return errors.New("answer has an id that is not plain text, or too long")
	case len(s.SessionKey) > longestKey:
		return errors.New("answer has a session_key that is too long")
	}
	return nil
}

// What of an errmsg is worth logging: the request id that Tencent's support asks
// for, and the address that it refused. The rest might echo what we sent, so
// both are taken only in the form that they have.
var (
	ridPattern     = regexp.MustCompile(`rid: ([0-9a-f]{1,8}-[0-9a-f]{1,8}-[0-9a-f]{1,8})\b`)
	refusedPattern = regexp.MustCompile(`invalid ip ([0-9a-fA-F.:]{2,45})`)
)

func hints(errmsg string) string {
	text := ""
	if m := refusedPattern.FindStringSubmatch(errmsg); m != nil {
		if address, err := netip.ParseAddr(m[1]); err == nil {
			text += ", refused address " + address.String()
		}
	}
	if m := ridPattern.FindStringSubmatch(errmsg); m != nil {
		text += ", rid " + m[1]
	}
	return text
}
