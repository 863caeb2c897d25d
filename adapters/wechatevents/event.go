package wechatevents

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"wxlogin/domain"
)

// openIDPattern bounds what is taken for an openid. WeChat documents no form.
var openIDPattern = regexp.MustCompile(`^[!-~]{1,128}$`)

// maxTime is the end of the year 9999, in Unix time.
const maxTime = 253_402_300_799

// revocable says what WeChat's numbers for authorizations mean to us. The others
// are of things that we never have: places, steps, files.
// https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/authorized_user_information_changes
var revocable = map[string]domain.Attributes{
	"6":  domain.NicknameAttribute | domain.AvatarAttribute,
	"8":  domain.PhoneAttribute,
	"19": domain.NicknameAttribute,
	"20": domain.AvatarAttribute,
}

// event returns what the message asks for, which is nothing if it is no event of
// those that count, or about a user of a plug-in.
func (m message) event(app domain.AppID) (domain.PlatformEvent, error) {
	switch {
	case m["MsgType"] == "":
		return domain.PlatformEvent{}, errMalformed
	case m["AppID"] != "" && m["AppID"] != string(app):
		return domain.PlatformEvent{}, errOtherApp
	}
	event := domain.PlatformEvent{AppID: app, OpenID: domain.OpenID(m["OpenID"]), Withdrawn: m.withdrawn(), Cancelled: m.cancelled()}
	ofPlugin := m["OpenPID"] != "" && event.OpenID == ""
	if m["MsgType"] != "event" || ofPlugin || !event.Concerns() {
		return domain.PlatformEvent{}, nil
	}
	at, err := strconv.ParseUint(m["CreateTime"], 10, 64)
	if err != nil || at == 0 || at > maxTime || !openIDPattern.MatchString(m["OpenID"]) {
		return domain.PlatformEvent{}, errMalformed
	}
	event.At = time.Unix(int64(at), 0).UTC()
	return event, nil
}

func (m message) cancelled() bool { return m["Event"] == "user_authorization_cancellation" }

// withdrawn returns what must go: all that WeChat cleaned of a profile, or what
// the person took back.
func (m message) withdrawn() domain.Attributes {
	switch m["Event"] {
	case "user_info_modified":
		return domain.NicknameAttribute | domain.AvatarAttribute
	case "user_authorization_revoke":
		var all domain.Attributes
		for _, code := range strings.FieldsFunc(m["RevokeInfo"], parts) {
			all |= revocable[code]
		}
		return all
	}
	return 0
}

// parts reports whether r stands between two codes.
func parts(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }
