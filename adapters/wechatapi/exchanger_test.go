package wechatapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

func TestCodeIsExchanged(t *testing.T) {
	who := domain.WeChatIdentity{AppID: oneApp, OpenID: "o1"}
	bound := who
	bound.UnionID = "u1"
	tests := []struct {
		name string
		give string
		want domain.WeChatIdentity
	}{
		{"the least", good, who},
		{"with a unionid", `{"openid":"o1","session_key":"` + sessionKey + `","unionid":"u1"}`, bound},
		{"with an empty unionid", `{"openid":"o1","session_key":"` + sessionKey + `","unionid":""}`, who},
		{"with errcode 0", `{"errcode":0,"errmsg":"ok","openid":"o1","session_key":"` + sessionKey + `"}`, who},
		{"with a quoted errcode 0", `{"errcode":"0","openid":"o1","session_key":"` + sessionKey + `"}`, who},
		{"with a null errcode", `{"errcode":null,"openid":"o1","session_key":"` + sessionKey + `"}`, who},
		{"as very old answers", `{"openid":"o1","session_key":"` + sessionKey + `","expires_in":7200}`, who},
		{"with blanks around", " \r\n" + good + "\n ", who},
		{"as long as may be", good + strings.Repeat(" ", 64<<10-len(good)), who},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := connect(t, serve(t, saying(tt.give)).URL)
			got, err := exchange(t, x, oneApp, loginCode)
			if err != nil {
				t.Fatalf("got %v, want no error", err)
			}
			if diff := cmp.Diff(tt.want, got.Identity); diff != "" || got.SessionKey.Reveal() != sessionKey {
				t.Errorf("got session_key %q, identity (-want +got):\n%s", got.SessionKey.Reveal(), diff)
			}
		})
	}
}

func TestRequestIsExactlyWhatWeChatAsksFor(t *testing.T) {
	const code, encoded = loginCode + "&x=1#% +é\r\n", loginCode + "%26x%3D1%23%25+%2B%C3%A9%0D%0A"
	var got *http.Request
	x := connect(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(r.Context())
		saying(good)(w, r)
	}).URL)
	if _, err := exchange(t, x, oneApp, code); err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	want := "/sns/jscode2session?appid=" + string(oneApp) + "&grant_type=authorization_code&js_code=" + encoded + "&secret=" + appSecret
	if got.Method != http.MethodGet || got.RequestURI != want {
		t.Errorf("got %s %s, want GET %s", got.Method, got.RequestURI, want)
	}
	if q := got.URL.Query(); len(q) != 4 || q.Get("js_code") != code {
		t.Errorf("got parameters %q, want four, the code among them", q)
	}
	if got.ContentLength != 0 || len(got.TransferEncoding) != 0 {
		t.Errorf("got a body of %d bytes (%v), want none", got.ContentLength, got.TransferEncoding)
	}
	for _, header := range []string{"Accept-Encoding", "Cookie", "Authorization", "Referer"} {
		if value := got.Header.Get(header); value != "" {
			t.Errorf("got %s: %s, want none", header, value)
		}
	}
}

func TestAppIsAskedForWithItsOwnSecret(t *testing.T) {
	p := serve(t, saying(good))
	x := connect(t, p.URL)
	got, err := exchange(t, x, otherApp, loginCode)
	if err != nil || got.Identity.AppID != otherApp {
		t.Errorf("got %+v and %v, want a person of %s", got.Identity, err, otherApp)
	}
	if id, secret := p.seen[0].Get("appid"), p.seen[0].Get("secret"); id != string(otherApp) || secret != "other-"+appSecret {
		t.Errorf("got asked for %s with %s, want its own", id, secret)
	}
}

func TestUnknownAppIsRefusedBeforeAnyCall(t *testing.T) {
	p := serve(t, saying(good))
	got, err := exchange(t, connect(t, p.URL), "wxunknown", loginCode)
	mustFail(t, got, err, domain.ErrUnknownApp)
	if p.calls() != 0 {
		t.Errorf("got %d calls, want none", p.calls())
	}
}
