package wechatevents_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"wxlogin/domain"
)

// canary is in every openid, and put wherever a stranger can put something.
const canary = "CANARY-7f3a"

func TestNothingOfQueryBodyOrUserIsLogged(t *testing.T) {
	text := revoked.json("")
	encrypted := seal(key, pad(pack(text, app)))
	odd := signedFor(encrypted)
	odd.Set("nonce", canary)
	for name, tt := range map[string]struct {
		w    world
		r    *http.Request
		line string
	}{
		"a success":          {world{key: key}, sealed(text), ""},
		"what is ignored":    {world{}, plain(`{"MsgType":"` + canary + `","a":"` + canary + `"}`), ""},
		"a fault":            {world{key: key, fails: errors.New("mongodb: broken")}, sealed(text), "wechat event failed"},
		"an outage":          {world{key: key, fails: domain.ErrStoreUnavailable}, sealed(text), "wechat event failed"},
		"a bad signature":    {world{key: key}, post(odd, text), "wechat event refused"},
		"plain text":         {world{key: key}, plain(text), "wechat event refused"},
		"broken JSON":        {world{}, plain(`{"` + canary + `":` + canary), "wechat event refused"},
		"broken XML":         {world{}, plain("<xml><" + canary + ">&" + canary + ";"), "wechat event refused"},
		"broken ciphertext":  {world{key: key}, carry(canary), "wechat event refused"},
		"another app":        {world{}, plain(strings.Replace(text, app, canary, 1)), "wechat event refused"},
		"no echo":            {world{}, get(signed("echostr", canary+" ")), "wechat event refused"},
		"a bad verification": {world{}, get(signed("echostr", canary, "nonce", canary)), "wechat event refused"},
	} {
		var log bytes.Buffer
		tt.w.log = &log
		rec := tt.w.serve(tt.r)
		for _, secret := range []string{canary, token, key, encrypted[:20], nonce, "signature="} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: the log holds %s:\n%s", name, secret, &log)
			}
		}
		if strings.Contains(rec.Body.String(), "broken") || strings.Contains(rec.Body.String(), canary) {
			t.Errorf("%s: got the answer %s", name, rec.Body)
		}
		if (log.Len() > 0) != (tt.line != "") || !strings.Contains(log.String(), tt.line) ||
			(tt.line != "" && !strings.Contains(log.String(), `"app":"wxshop","`)) || (tt.line != "" && !strings.Contains(log.String(), `"request_id":"trace-1"`)) {
			t.Errorf("%s: got log %q, want %q with the app and the request's id", name, &log, tt.line)
		}
	}
}

func TestOnlyFaultsAreLoggedAsErrors(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, tt := range map[string]struct {
		ctx   context.Context
		r     *http.Request
		err   error
		level string
	}{
		"a refusal":         {t.Context(), plain(""), nil, "INFO"},
		"a fault":           {t.Context(), plain(revoked.xml()), domain.ErrStoreUnavailable, "ERROR"},
		"a broken promise":  {t.Context(), plain(revoked.xml()), domain.ErrNotFound, "ERROR"},
		"WeChat that waits": {gone, plain(revoked.xml()), context.Canceled, "INFO"},
	} {
		var log bytes.Buffer
		w := world{log: &log, fails: tt.err}
		w.serve(tt.r.WithContext(tt.ctx))
		if want := `"level":"` + tt.level + `"`; !strings.Contains(log.String(), want) {
			t.Errorf("%s: got %s, want %s", name, &log, want)
		}
	}
}
