package wechatevents_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"wxlogin/adapters/wechatevents"
	"wxlogin/config"
)

func TestThePathNamesTheApp(t *testing.T) {
	if got := wechatevents.New(config.EventsApp{ID: app}, nil, describe, nil).Path(); got != path {
		t.Errorf("got %s, want %s", got, path)
	}
}

func TestTheConsoleGetsItsEchoBack(t *testing.T) {
	for _, echo := range []string{"4375120948345356249", "a", "~!<script>&\"", strings.Repeat("e", 256)} {
		for _, w := range []*world{{}, {key: key}} {
			wantAnswer(t, w.serve(get(signed("echostr", echo))), http.StatusOK, echo)
		}
	}
}

func TestWhatIsNoEchoIsNotReflected(t *testing.T) {
	none := signed("echostr", "x")
	none.Del("echostr")
	for name, query := range map[string]url.Values{
		"none": none, "an empty one": signed("echostr", ""), "too long": signed("echostr", strings.Repeat("e", 257)), "a blank": signed("echostr", "a b"),
		"a line": signed("echostr", "a\r\nb"), "a final line": signed("echostr", "a\n"), "beyond ASCII": signed("echostr", "é"),
		"two": {"signature": signed()["signature"], "timestamp": {now}, "nonce": {nonce}, "echostr": {"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) { (&world{}).wantRefused(t, get(query)) })
	}
}

func TestQueriesThatAreNotSignedAreRefused(t *testing.T) {
	without := func(names ...string) url.Values {
		q := signed("echostr", "x")
		for _, n := range names {
			q.Del(n)
		}
		return q
	}
	resigned := func(timestamp, nonce string) url.Values {
		return url.Values{"signature": {sign(token, timestamp, nonce)}, "timestamp": {timestamp}, "nonce": {nonce}, "echostr": {"x"}}
	}
	right := sign(token, now, nonce)
	for name, query := range map[string]url.Values{
		"no query":              {},
		"no signature":          without("signature"),
		"no timestamp":          without("timestamp"),
		"no nonce":              without("nonce"),
		"an empty signature":    signed("echostr", "x", "signature", ""),
		"the last digit":        signed("echostr", "x", "signature", right[:39]+string("10"[right[39]&1])),
		"a part of a signature": signed("echostr", "x", "signature", right[:39]),
		"a longer signature":    signed("echostr", "x", "signature", right+"0"),
		"capitals":              signed("echostr", "x", "signature", strings.ToUpper(right)),
		"another timestamp":     signed("echostr", "x", "timestamp", "1714037060"),
		"another nonce":         signed("echostr", "x", "nonce", "486452657"),
		"another token":         signed("echostr", "x", "signature", sign("othertoken", now, nonce)),
		"no token":              signed("echostr", "x", "signature", sign("", now, nonce)),
		"the order of the URL":  signed("echostr", "x", "signature", sign(token+now+nonce)),
		"a timestamp in words":  resigned("now", nonce),
		"a negative timestamp":  resigned("-1", nonce),
		"an empty timestamp":    resigned("", nonce),
		"a long timestamp":      resigned(strings.Repeat("1", 21), nonce),
		"an empty nonce":        resigned(now, ""),
		"a long nonce":          resigned(now, strings.Repeat("1", 65)),
		"a nonce with a blank":  resigned(now, "1 2"),
	} {
		t.Run(name, func(t *testing.T) {
			(&world{}).wantRefused(t, get(query))
			(&world{}).wantRefused(t, post(query, revoked.json("")))
		})
	}
}

func TestParametersThatComeTwiceAreRefused(t *testing.T) {
	encrypted := seal(key, pad(pack(revoked.json(""), app)))
	query := signedFor(encrypted)
	body := `{"Encrypt":"` + encrypted + `"}`
	for name := range query {
		twice := query.Encode() + "&" + name + "=" + url.QueryEscape(query.Get(name))
		(&world{key: key}).wantRefused(t, httptest.NewRequest(http.MethodPost, path+"?"+twice, strings.NewReader(body)))
	}
	for _, raw := range []string{"&x=1&x=1", "&%zz", "&a=%", "&a;b"} {
		(&world{key: key}).wantRefused(t, httptest.NewRequest(http.MethodPost, path+"?"+query.Encode()+raw, strings.NewReader(body)))
		(&world{}).wantRefused(t, httptest.NewRequest(http.MethodGet, path+"?"+signed("echostr", "x").Encode()+raw, http.NoBody))
	}
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	r := plain("")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(revoked.json("")), iotest.ErrReader(errors.New("broken"))))
	(&world{}).wantRefused(t, r)
}

func TestNoBodyIsReadForWhoCannotSign(t *testing.T) {
	r := post(url.Values{}, "")
	r.Body = io.NopCloser(iotest.ErrReader(errors.New("was read")))
	w := world{}
	w.wantRefused(t, r)
	if strings.Contains(w.log.String(), "cannot be read") {
		t.Errorf("got %s, want the body left alone", w.log)
	}
}
