package wechatsim_test

import (
	"cmp"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

const (
	eventToken = "shoptoken"
	eventKey   = "AbcdefghijklmnopqrstuvwxyzABCDEF0123456789/"
)

// delivery is what an app's server got.
type delivery struct {
	method, query, contentType, body string
}

// server answers as an app's server does, with the echo where there is no answer,
// and keeps what it got.
func server(t *testing.T, status int, answer string) (address string, got *delivery) {
	t.Helper()
	got = &delivery{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*got = delivery{r.Method, r.URL.RawQuery, r.Header.Get("Content-Type"), string(body)}
		if status == http.StatusFound {
			w.Header().Set("Location", "http://example.org/")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, cmp.Or(answer, r.URL.Query().Get("echostr")))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/events", got
}

// eventful gives the first app what its messages are signed and encrypted with.
func eventful(c *wechatsim.Config) {
	c.Apps[0].EventToken, c.Apps[0].EventKey = eventToken, eventKey
}

func (w *world) push(address string, p wechatsim.Push) (status int, body string) {
	w.t.Helper()
	status, body, err := w.Push(w.t.Context(), address, p)
	if err != nil {
		w.t.Fatalf("Push: %v", err)
	}
	return status, body
}

func TestPushSaysWhoWithdrewWhat(t *testing.T) {
	w := start(t, eventful)
	address, got := server(t, http.StatusOK, "success")
	bob, _, _ := w.Identity(shop, "bob")
	for _, tt := range []struct {
		push              wechatsim.Push
		contentType, body string
	}{
		{
			wechatsim.Push{Person: "bob", Event: "user_authorization_revoke", RevokeInfo: "8"}, "application/json",
			`"CreateTime":1800000000,"MsgType":"event","Event":"user_authorization_revoke","OpenID":"` + bob + `","AppID":"wxshop","RevokeInfo":"8"}`,
		},
		{
			wechatsim.Push{Person: "bob", Event: "user_info_modified", StrayBlanks: true, CreateTime: time.Unix(1_700_000_000, 0)}, "application/json",
			`," CreateTime":1700000000," MsgType":"event"," Event":"user_info_modified"," OpenID":"` + bob + `"," AppID":"wxshop"}`,
		},
		{
			wechatsim.Push{Person: "bob", Event: "user_authorization_revoke", RevokeInfo: "6", Format: "xml"}, "text/xml",
			"<CreateTime>1800000000</CreateTime>\n<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[user_authorization_revoke]]></Event>\n" +
				"<OpenID><![CDATA[" + bob + "]]></OpenID>\n<AppID><![CDATA[wxshop]]></AppID>\n<RevokeInfo><![CDATA[6]]></RevokeInfo>\n</xml>",
		},
	} {
		status, body := w.push(address, tt.push)
		if status != http.StatusOK || body != "success" || got.method != http.MethodPost || got.contentType != tt.contentType {
			t.Errorf("%+v: got %d %q after a %s of %s", tt.push, status, body, got.method, got.contentType)
		}
		if !strings.HasSuffix(got.body, tt.body) || strings.Contains(strings.Replace(got.body, bob, "", 1), bob) {
			t.Errorf("%+v: sent %s, want it to end %s, and the openid in no other field", tt.push, got.body, tt.body)
		}
		if strings.Contains(got.query, "encrypt_type") || strings.Contains(got.query, "msg_signature") {
			t.Errorf("%+v: the query is %s, want that of plain mode", tt.push, got.query)
		}
	}
}

func TestPushTellsWhatTheServerAnswers(t *testing.T) {
	w := start(t, eventful)
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusForbidden, http.StatusFound} {
		address, _ := server(t, status, "no")
		if got, body := w.push(address, wechatsim.Push{Event: "x"}); got != status || body != "no" {
			t.Errorf("got %d %q, want %d %q", got, body, status, "no")
		}
	}
}

func TestPushGoesNowhereElse(t *testing.T) {
	w := start(t, eventful)
	for address, want := range map[string]string{
		"":                              "such as http://127.0.0.1:8080/v1/wechat/events/wxshop",
		"127.0.0.1:80":                  "no address on the web",
		"/events":                       "no address on the web",
		"ftp://127.0.0.1":               "no address on the web",
		"http://":                       "no address on the web",
		"http://%zz":                    "no address on the web",
		"http://192.168.1.2/":           "not a loopback address",
		"http://example.org/":           "not a loopback address",
		"http://127.0.0.1.example.org/": "not a loopback address",
		"http://127.0.0.1@example.org/": "not a loopback address",
		"https://[2001:db8::1]:443/":    "not a loopback address",
	} {
		_, _, err := w.Push(t.Context(), address, wechatsim.Push{Person: "zoe", Event: "x"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Push to %q: got %v, want %q", address, err, want)
		}
		if err := w.VerifyURL(t.Context(), "", address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("VerifyURL of %q: got %v, want %q", address, err, want)
		}
	}
	if people, _ := w.People(0, 9); len(people) != 1 {
		t.Errorf("there are %v, want nobody made", people)
	}
	remote := start(t, eventful, func(c *wechatsim.Config) { c.AllowRemote = true })
	address, _ := server(t, http.StatusOK, "success") // reached under a name that is not ours
	address = strings.Replace(address, "127.0.0.1", "0.0.0.0", 1)
	if _, _, err := w.Push(t.Context(), address, wechatsim.Push{Event: "x"}); err == nil {
		t.Errorf("%s was reached, and is not a loopback address", address)
	}
	if status, _ := remote.push(address, wechatsim.Push{Event: "x"}); status != http.StatusOK {
		t.Errorf("got %d of %s where others are allowed", status, address)
	}
}

func TestPushesThatMakeNoSenseAreExplained(t *testing.T) {
	w := start(t, eventful, func(c *wechatsim.Config) { c.Apps[1].EventToken = "gametoken" })
	address, got := server(t, http.StatusOK, "success")
	for want, p := range map[string]wechatsim.Push{
		"user_authorization_cancellation":        {},
		`no format "yaml"; there is json, xml`:   {Event: "x", Format: "yaml"},
		"no stray blanks":                        {Event: "x", Format: "xml", StrayBlanks: true},
		"cannot be said":                         {Event: "x]]>"},
		"there is wxshop, wxgame":                {Event: "x", App: "wxnobody"},
		"wxother has no EventToken":              {Event: "x", App: other},
		"wxgame has no EventKey to encrypt with": {Event: "x", App: game, Encrypted: true},
	} {
		if _, _, err := w.Push(t.Context(), address, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", p, err, want)
		}
	}
	if err := w.VerifyURL(t.Context(), other, address); err == nil || *got != (delivery{}) {
		t.Errorf("got %v and %+v, want an error and nothing sent", err, got)
	}
	if err := w.VerifyURL(t.Context(), "wxnobody", address); err == nil {
		t.Error("an app that there is not was verified")
	}
}

func TestEventKeysThatAreNoneAreRefused(t *testing.T) {
	for _, key := range []string{"short", eventKey[1:], eventKey + "A", strings.Repeat("!", 43), eventKey + "="} {
		_, err := wechatsim.New(wechatsim.Config{Apps: []wechatsim.App{{ID: shop, Secret: shopSecret, EventKey: key}}})
		if err == nil || strings.Contains(err.Error(), key) {
			t.Errorf("%q: got %v, want an error without the key", key, err)
		}
	}
}

func TestAServerThatIsNotThereIsAnError(t *testing.T) {
	w := start(t, eventful)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, _, err := w.Push(t.Context(), gone.URL, wechatsim.Push{Event: "x"})
	if err == nil || !strings.Contains(err.Error(), "does not answer") || strings.Contains(err.Error(), "signature") {
		t.Errorf("got %v, want who does not answer, and no query", err)
	}
	short := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
	}))
	defer short.Close()
	if _, _, err := w.Push(t.Context(), short.URL, wechatsim.Push{Event: "x"}); err == nil {
		t.Error("an answer that breaks off was taken for one")
	}
}
