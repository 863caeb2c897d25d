package wechatevents_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wxlogin/config"
	"wxlogin/domain"
)

// What WeChat publishes as examples.
// https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
const (
	sampleToken  = "AAAAA"
	sampleApp    = "wxba5fad812f8e6fb9"
	sampleVerify = "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492"
	samplePlain  = "signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656"
	sampleSafe   = "signature=6c5c811b55cc85e0e1b54100749188c20beb3f5d&timestamp=1714112445&nonce=415670741&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY" +
		"&encrypt_type=aes&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
	samplePlainBody = `{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714037059,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}`
	sampleSafeBody  = `{"ToUserName":"gh_97417a04a28d","Encrypt":"+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="}`
)

var sampleKey = strings.Repeat("A", 43)

// sample is WeChat's app, with its key or without.
func sample(key string) config.EventsApp {
	return config.EventsApp{ID: sampleApp, Token: domain.NewSecret(sampleToken), Key: domain.NewSecret(key)}
}

func TestWeChatsOwnExamplesAreUnderstood(t *testing.T) {
	for name, tt := range map[string]struct {
		method, key, query, body string
		want                     string
	}{
		"the verification": {http.MethodGet, sampleKey, sampleVerify, "", "4375120948345356249"},
		"plain mode":       {http.MethodPost, "", samplePlain, samplePlainBody, "success"},
		"safe mode":        {http.MethodPost, sampleKey, sampleSafe, sampleSafeBody, "success"},
	} {
		var w world
		r := httptest.NewRequest(tt.method, path+"?"+tt.query, strings.NewReader(tt.body))
		t.Run(name, func(t *testing.T) { wantAnswer(t, w.serveAs(sample(tt.key), r), http.StatusOK, tt.want) })
		if len(w.events) != 0 {
			t.Errorf("%s: got %v, want no event: it is none that counts", name, w.events)
		}
	}
}

func TestTheTestsEncryptAsWeChatDoes(t *testing.T) {
	text := strings.Replace(samplePlainBody, "1714037059", "1714112445", 1)
	_, encrypted, _ := strings.Cut(sampleSafeBody, `"Encrypt":"`)
	packed := pack(text, sampleApp)
	copy(packed, "a8eedb185eb2fecf") // what WeChat drew
	if got := seal(sampleKey, pad(packed)); got != strings.TrimSuffix(encrypted, `"}`) {
		t.Errorf("got %s, want WeChat's example", got)
	}
}
