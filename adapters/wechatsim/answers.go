package wechatsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"
)

// errcode is WeChat's name for what went wrong; 0 is success.
type errcode int

// What this simulator answers by itself. Any other number comes from a Fault.
// https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html
const (
	tokenInvalid     errcode = 40001
	grantTypeInvalid errcode = 40002
	appIDInvalid     errcode = 40013
	tokenMalformed   errcode = 40014
	codeInvalid      errcode = 40029
	secretInvalid    errcode = 40125
	codeUsed         errcode = 40163
	tokenMissing     errcode = 41001
	appIDMissing     errcode = 41002
	secretMissing    errcode = 41004
	codeMissing      errcode = 41008
	tokenExpired     errcode = 42001
	postRequired     errcode = 43002
	postEmpty        errcode = 44002
	dailyQuota       errcode = 45009
	dataFormat       errcode = 47001
	sigMethodInvalid errcode = 87008
	signatureInvalid errcode = 87009
)

// errmsgs are texts for people. Clients must not read them, so codes that are
// not listed get along with any.
var errmsgs = map[errcode]string{ //nolint:gosec // words about credentials
	tokenInvalid:     "invalid credential, access_token is invalid or not latest",
	grantTypeInvalid: "invalid grant_type",
	appIDInvalid:     "invalid appid",
	tokenMalformed:   "invalid access_token",
	codeInvalid:      "invalid code",
	secretInvalid:    "invalid appsecret",
	codeUsed:         "code been used",
	tokenMissing:     "access_token missing",
	appIDMissing:     "appid missing",
	secretMissing:    "appsecret missing",
	codeMissing:      "missing code",
	tokenExpired:     "access_token expired",
	postRequired:     "require POST method",
	postEmpty:        "empty post data",
	dailyQuota:       "reach max api daily quota limit",
	dataFormat:       "data format error",
	sigMethodInvalid: "invalid sig_method",
	signatureInvalid: "invalid signature",

	// The ones that only a Fault brings, as far as tests ask for them often.
	-1:    "system error",
	40226: "code blocked",
	45011: "api minute-quota reach limit",
}

// answer is the JSON object that an endpoint returns.
type answer map[string]any

// failure is the answer to a call that went wrong. HTTP has no part in it: the
// status is 200.
func failure(code errcode, now time.Time) answer {
	text, known := errmsgs[code]
	if !known {
		text = "simulated error"
	}
	//nolint:gosec // a number to quote, no secret
	rid := fmt.Sprintf("%08x-%08x-%08x", uint32(now.Unix()), rand.Uint32(), rand.Uint32())
	return answer{"errcode": int(code), "errmsg": text + ", rid: " + rid}
}

// success is the answer of endpoints that say so explicitly.
func success(more answer) answer {
	a := answer{"errcode": 0, "errmsg": "ok"}
	maps.Copy(a, more)
	return a
}

// errcode returns what the answer says went wrong.
func (a answer) errcode() int {
	code, _ := a["errcode"].(int)
	return code
}

func (a answer) json() []byte {
	text, _ := json.Marshal(a) // strings, numbers and nestings of them: cannot fail
	return text
}
