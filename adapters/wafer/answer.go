package wafer

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"wxlogin/domain"
)

// The values of "code". On a request that was refused, the client SDK drops its
// skey, logs in with a new code and tries once more; a fault it hands on as it is.
const (
	refused = -1
	fault   = 1
)

// The values of "error" that Tencent's servers have, and the one for who must log
// in with open data first: there, that is a TypeError's text.
const (
	errHeaderMissed = "ERR_HEADER_MISSED"
	errSessionKey   = "ERR_GET_SESSION_KEY"
	errInsert       = "ERR_WHEN_INSERT_TO_DB"
	errSkey         = "ERR_SKEY_INVALID"
	errUserNotFound = "ERR_USER_NOT_FOUND"
)

// answer is the form of every answer.
type answer struct {
	Code  int    `json:"code"`
	Data  any    `json:"data,omitempty"`
	Error string `json:"error,omitempty"`
}

// session is what the client SDK keeps, all of it, in the phone's storage.
type session struct {
	UserInfo userInfo `json:"userinfo"`
	Skey     string   `json:"skey"`
	Time     int64    `json:"time"` // of the login, in Unix seconds
}

// userInfo is what WeChat says of a person since 2021, less openId, unionId and
// watermark. Gender, language and region are the same for everybody there, too.
type userInfo struct {
	NickName  string `json:"nickName"`
	Gender    int    `json:"gender"`
	Language  string `json:"language"`
	City      string `json:"city"`
	Province  string `json:"province"`
	Country   string `json:"country"`
	AvatarURL string `json:"avatarUrl"`
}

// nobody is what WeChat calls everybody since 2022, and the service a user whose
// nickname it does not know: clients of this protocol have always had one.
const nobody = "微信用户"

func (p *Protocol) userInfo(u domain.WeChatUser) userInfo {
	info := userInfo{NickName: u.Profile.Nickname, Language: "zh_CN", AvatarURL: p.picture(u)}
	if info.NickName == "" {
		info.NickName = nobody
	}
	return info
}

// loginFailure names why a login failed: as Tencent's servers do where they know
// it, else by the code of our own API.
func loginFailure(err error, code string) string {
	var promised *domain.Error
	switch {
	case errors.Is(err, domain.ErrStoreUnavailable):
		return errInsert
	case errors.Is(err, domain.ErrNotFound): // who is leaving, and was not asked
		return errUserNotFound
	case errors.Is(err, domain.ErrUserBanned) || !errors.As(err, &promised):
		return inCapitals(code)
	}
	return errSessionKey
}

// userFailure answers for an skey that shows nobody. One that has expired is told
// from others by an answer without an error, as on Tencent's servers. A user who
// is banned hears why from the login that follows.
func userFailure(err error, code string) answer {
	var promised *domain.Error
	switch {
	case errors.Is(err, domain.ErrTokenExpired):
		return answer{Code: refused, Data: struct{}{}}
	case errors.As(err, &promised) && (promised.Kind == domain.KindUnauthenticated || promised.Kind == domain.KindForbidden):
		return answer{Code: refused, Error: errSkey}
	}
	return answer{Code: fault, Error: inCapitals(code)}
}

func inCapitals(code string) string { return "ERR_" + strings.ToUpper(code) }

func write(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	text, _ := json.Marshal(a) // of strings and numbers: cannot fail
	_, _ = w.Write(text)       // a client that left needs no answer
}
