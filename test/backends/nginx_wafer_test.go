package backends

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// withSkeys is conf as the README changes it for clients of Tencent's wafer2 SDK.
func withSkeys(t *testing.T, conf string) string {
	t.Helper()
	const theirs = "$http_authorization"
	if n := strings.Count(conf, theirs); n != 1 {
		t.Fatalf("the configuration names %s %d times, want once", theirs, n)
	}
	return testkit.Snippet(t, "nginx-skey", "nginx") + strings.Replace(conf, theirs, "$wxlogin_bearer", 1)
}

// waferSession is what Tencent's SDK has of a login, and whose that is.
type waferSession struct{ skey, session string }

func (w *world) waferLogin(t *testing.T) waferSession {
	t.Helper()
	code, err := w.wechat.Code("", "bob")
	if err != nil {
		t.Fatal(err)
	}
	var body struct{ Data struct{ Skey string } }
	a := w.Get("/weapp/login", "", testkit.With("X-WX-Code", code), testkit.With("X-WX-IV", "none"))
	if err := json.Unmarshal(a.Body, &body); err != nil || body.Data.Skey == "" {
		t.Fatalf("got %d %s %v, want an skey", a.Status, a.Body, a.Err)
	}
	return waferSession{body.Data.Skey, w.Get("/v1/verify", body.Data.Skey).Header.Get("X-Session-Id")}
}

func TestNginxLetsClientsOfBothSDKsIn(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front := startNginx(t, withSkeys(t, conf), w.Base, b.URL)
		own, other := w.waferLogin(t), w.login(t)
		skey := func(text string) testkit.Header { return testkit.With("X-WX-Skey", text) }
		const tencents = "7b69dc787384c988eb0e4ca9920295396aeb9e8a"
		for what, tt := range map[string]struct {
			token string // of Authorization
			skey  testkit.Header
			want  string // "" is nobody
		}{
			"a good skey":                       {"", skey(own.skey), own.session},
			"a good token":                      {other.AccessToken, skey(""), other.Session.ID},
			"a good skey and another's token":   {other.AccessToken, skey(own.skey), own.session},
			"a good skey and a bad token":       {tencents, skey(own.skey), own.session},
			"neither":                           {"", skey(""), ""},
			"one of Tencent's":                  {"", skey(tencents), ""},
			"one of Tencent's and a good token": {other.AccessToken, skey(tencents), ""},
			"a bad token":                       {tencents, skey(""), ""},
			"a whole header":                    {"", skey("Bearer " + own.skey), ""},
		} {
			answer := front.Get("/orders", tt.token, tt.skey)
			if tt.want == "" {
				b.refuses(t, what, answer, http.StatusUnauthorized)
				continue
			}
			r, _ := b.serves(t, what, answer)
			if got := r.Header.Get("X-Session-Id"); got != tt.want {
				t.Errorf("%s: the backend saw session %q, want %q", what, got, tt.want)
			}
		}
		w.logout(t, own.skey)
		b.refuses(t, "an skey that ended", front.Get("/orders", "", skey(own.skey)), http.StatusUnauthorized)
		b.refuses(t, "that beside a good token", front.Get("/orders", other.AccessToken, skey(own.skey)), http.StatusUnauthorized)
		b.serves(t, "the good token", front.Get("/orders", other.AccessToken))
	})
}

// switchedOn is the shipped configuration with the location for wafer2's clients.
func switchedOn(t *testing.T, conf string) string {
	t.Helper()
	before, rest, found := strings.Cut(conf, "    #location /weapp/ {\n")
	block, after, ended := strings.Cut(rest, "    #}\n")
	if !found || !ended {
		t.Fatal("the configuration has no location for wafer2's clients")
	}
	return before + "    location /weapp/ {\n" + strings.ReplaceAll(block, "    #    ", "        ") + "    }\n" + after
}

func TestNginxLeadsWaferClientsToWxlogin(t *testing.T) {
	w, b := inWorld(t, "ES256"), newBackend(t)
	front := startNginx(t, switchedOn(t, withSkeys(t, read(t, shipped))), w.Base, b.URL)
	own := w.waferLogin(t)
	for want, headers := range map[string]testkit.Header{
		`{"code":0,"data":{"nickName":`:          testkit.With("X-WX-Skey", own.skey),
		`{"code":-1,"error":"ERR_SKEY_INVALID"}`: testkit.With("X-WX-Skey", "none"),
	} {
		if a := front.Get("/weapp/user", "", headers); a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), want) {
			t.Errorf("got %d %s %v, want %s", a.Status, a.Body, a.Err, want)
		}
	}
	code, err := w.wechat.Code("", "bob")
	if err != nil {
		t.Fatal(err)
	}
	if a := front.Get("/weapp/login", "", testkit.With("X-WX-Code", code)); !strings.HasPrefix(string(a.Body), `{"code":0,`) {
		t.Errorf("a login: got %d %s %v, want one", a.Status, a.Body, a.Err)
	}
	r, _ := b.serves(t, "the backend", front.Get("/orders", "", testkit.With("X-WX-Skey", own.skey)))
	if got := r.Header.Get("X-WX-Skey"); got != "" {
		t.Errorf("the backend saw the skey %q, want none", got)
	}
}
