package wechatapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"wxlogin/domain"
)

// session is code2Session's answer. A good one may or may not have an errcode.
type session struct {
	OpenID     string  `json:"openid"`
	SessionKey string  `json:"session_key"`
	UnionID    string  `json:"unionid"`
	ErrCode    errcode `json:"errcode"`
	ErrMsg     string  `json:"errmsg"`
}

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

// longestID bounds what is stored of WeChat's names; known ones have 28 bytes.
const longestID = 128

// meaning tells what an answer says: nil for a complete session.
func (s session) meaning() error {
	if promise := meaning(s.ErrCode); promise != nil {
		return fmt.Errorf("%w: errcode %d%s", promise, s.ErrCode, hints(s.ErrMsg))
	}
	switch {
	case s.OpenID == "":
		return unavailable(errors.New("answer has no openid"))
	case s.SessionKey == "":
		return unavailable(errors.New("answer has no session_key"))
	case !plain(s.OpenID), !plain(s.UnionID):
		return unavailable(errors.New("answer has an id that is not plain text"))
	case len(s.OpenID) > longestID, len(s.UnionID) > longestID, len(s.SessionKey) > longestID:
		return unavailable(errors.New("answer has a value that is too long"))
	}
	return nil
}

// plain reports whether an id is printable ASCII without blanks, as all of
// WeChat's are: another might be changed on its way through a store, and then be
// somebody else's.
func plain(id string) bool {
	return !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// meaning translates WeChat's return codes; nil is success. A code that is not
// listed is not the caller's fault: the log has its number.
func meaning(code errcode) error {
	switch code {
	case 0:
		return nil
	case 40029, 41008, 42003: // code invalid; missing; expired
		return domain.ErrCodeInvalid
	case 40163: // code been used
		return domain.ErrCodeUsed
	case 40226: // high-risk user
		return domain.ErrLoginBlocked
	case 45009, 45011: // quota of the day; of the minute
		return domain.ErrRateLimited
	case 40002, 41002, 41004, // grant_type, appid, secret: wrong or missing
		40013, 40125, 40243, // AppID, AppSecret invalid; AppSecret frozen
		40164,               // our address is not on the app's list
		48001, 48004, 50002: // API not granted; forbidden; account punished
		return domain.ErrAppMisconfigured
	}
	return domain.ErrPlatformUnavailable
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
