package wechatapi

import (
	"errors"
	"fmt"
	"path"

	"wxlogin/domain"
)

// endpoint is one of WeChat's APIs, with what its return codes mean apart from
// those that mean the same everywhere.
type endpoint struct {
	path  string
	codes map[errcode]error
}

// name is what logs and metrics call it.
func (e endpoint) name() string { return path.Base(e.path) }

// The endpoints that are called.
var (
	// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session
	codeToSession = endpoint{"/sns/jscode2session", map[errcode]error{
		40029: domain.ErrCodeInvalid,
		41008: domain.ErrCodeInvalid, // code missing
		42003: domain.ErrCodeInvalid, // code expired
		40163: domain.ErrCodeUsed,
		40226: domain.ErrLoginBlocked, // high-risk user
	}}
	// https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
	stableToken = endpoint{"/cgi-bin/stable_token", map[errcode]error{
		40001: domain.ErrAppMisconfigured, // AppSecret wrong, or another app's
	}}
	// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber
	userPhoneNumber = endpoint{"/wxa/business/getuserphonenumber", map[errcode]error{
		40001: errTokenRefused, 40014: errTokenRefused, 42001: errTokenRefused,
		40029: domain.ErrPhoneCodeInvalid,
		41008: domain.ErrPhoneCodeInvalid, // code missing
		42003: domain.ErrPhoneCodeInvalid, // code expired
		40163: domain.ErrPhoneCodeInvalid, // code been used
	}}
	// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey
	checkSession = endpoint{"/wxa/checksession", sessionKeyCodes}
	// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey
	resetUserSessionKey = endpoint{"/wxa/resetusersessionkey", sessionKeyCodes}

	sessionKeyCodes = map[errcode]error{
		40001: errTokenRefused, 40014: errTokenRefused, 42001: errTokenRefused,
		87009: errKeyOutdated,
	}
)

var (
	// errTokenRefused: the access_token is invalid, another app's, expired or not
	// the latest. Where a new one does not help, either, WeChat is of no use.
	errTokenRefused = fmt.Errorf("%w: access_token refused", domain.ErrPlatformUnavailable)
	// errKeyOutdated: what was signed was signed with another key than the present
	// one. It is an answer, and never leaves this package.
	errKeyOutdated = errors.New("session_key is not the present one")
)

// meaning translates WeChat's return codes; nil is success. A code that is not
// listed is not the caller's fault: the log has its number.
func (e endpoint) meaning(code errcode) error {
	if means, ok := e.codes[code]; ok {
		return means
	}
	switch code {
	case 0:
		return nil
	case 45009, 45011: // quota of the day; of the minute
		return domain.ErrRateLimited
	case 40002, 41002, 41004, // grant_type, appid, secret: wrong or missing
		40013, 40125, 40243, // AppID, AppSecret invalid; AppSecret frozen
		40164, 61004, // our address is not on the app's list
		48001, 48004, 50002, 50004: // API not granted; forbidden; account punished
		return domain.ErrAppMisconfigured
	}
	return domain.ErrPlatformUnavailable
}

// word says in a word what came of a call, for those who count: the codes of the
// promised failures, and a few of our own.
func word(err error) string {
	var no *refusal
	var promise *domain.Error
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &no) && no.code == errcodeBusy:
		return "busy"
	case errors.Is(err, errTokenRefused):
		return "token_refused"
	case errors.Is(err, errKeyOutdated):
		return "key_outdated"
	case errors.As(err, &promise):
		return promise.Code
	}
	return "other"
}
