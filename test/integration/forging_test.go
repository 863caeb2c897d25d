package integration

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"

	"wxlogin/test/testkit"
)

// forgery is a service that mallory wants to be let in by as alice.
type forgery struct {
	world
	log   testkit.Buffer
	alice string // her openid
	head  string // the headers with which Cloud Run would name her
}

// forging starts a service that believes the peers in network. Mallory is at
// 127.0.0.1, which is a proxy as far as X-Forwarded-For goes.
func forging(t *testing.T, network string) *forgery {
	t.Helper()
	cfg := testkit.Config(t)
	cfg.SQLite.Dir, cfg.Avatars.Dir = t.TempDir(), t.TempDir()
	inCloudRun(network)(&cfg)
	cfg.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(here)}
	wechat := testkit.Simulate(t, &cfg)
	f := &forgery{}
	base := testkit.Start(t, cfg, fx.Decorate(func() *slog.Logger { return testkit.Log(t, &f.log) }))
	f.world = world{testkit.NewClient(t, base), wechat, cfg}
	open, _, err := wechat.Identity("", "alice")
	must(t, err)
	f.alice = open
	f.head = fmt.Sprintf("X-WX-SOURCE: wx_client\nX-WX-APPID: %s\nX-WX-OPENID: %s\n", testkit.App(cfg), open)
	return f
}

// raw sends a request byte by byte, as no HTTP client would, and returns all that
// is answered.
func (f *forgery) raw(t *testing.T, request string) (status int, all string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.Base, "http://"))
	must(t, err)
	defer func() { _ = conn.Close() }()
	must(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	must(t, err)
	text, _ := io.ReadAll(conn) // all requests say that they are the last
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(text)), nil)
	must(t, err)
	_ = res.Body.Close()
	return res.StatusCode, string(text)
}

// wantNothing checks an answer for what a login would give.
func (f *forgery) wantNothing(t *testing.T, what string, status int, all string) {
	t.Helper()
	if status == http.StatusOK || strings.Contains(all, "accessToken") || strings.Contains(all, f.alice) {
		t.Errorf("%s: got %d %s, want nothing", what, status, all)
	}
}

// wantNoTrace checks that alice was never let in, nor named in the log.
func (f *forgery) wantNoTrace(t *testing.T) {
	t.Helper()
	if bytes.Contains(dump(t, f.cfg), []byte(f.alice)) {
		t.Error("alice is stored")
	}
	if log := f.log.String(); strings.Contains(log, f.alice) || !strings.Contains(log, `"msg":"request"`) {
		t.Errorf("the log names alice, or is empty:\n%s", log)
	}
}

const inside = "10.1.2.3"

// claims are the ways in which a request may say that it comes from inside.
func claims() (all []string) {
	all = []string{"Forwarded: for=" + inside, "X-Forwarded-For: " + inside + ", 127.0.0.1", "X-Forwarded-For: 127.0.0.1, " + inside}
	for _, name := range []string{"X-Forwarded-For", "X-Original-Forwarded-For", "X-Real-IP", "Client-IP", "True-Client-IP", "CF-Connecting-IP",
		"X-Client-IP", "X-Cluster-Client-IP", "X-Envoy-External-Address", "X-Forwarded-Host", "Via", "X-WX-Peer", "X-Remote-Addr", "Remote-Addr"} {
		all = append(all, name+": "+inside)
	}
	return append(all, strings.Join(all, "\n"))
}

// T-26: from outside, each way to say that one is alice gets what an unknown path
// gets.
func TestT26_CloudRunHeadersForgedFromOutsideGetNothing(t *testing.T) {
	f := forging(t, "10.0.0.0/8")
	const end = "Connection: close\n\n"
	post := "POST " + cloudRun + " HTTP/1.1\nHost: login.example.com\n"
	requests := map[string]string{
		"as they are":           post + f.head + end,
		"with an empty body":    post + f.head + "Content-Length: 0\n" + end,
		"with a body":           post + f.head + "Content-Type: application/json\nContent-Length: 2\n" + end + "{}",
		"in small letters":      post + strings.ToLower(f.head) + end,
		"in odd letters":        post + strings.ReplaceAll(f.head, "X-WX-", "x-Wx-") + end,
		"with underscores":      post + strings.ReplaceAll(f.head, "X-WX-", "X_WX_") + end,
		"of the other set":      post + strings.NewReplacer("WX-OPENID", "WX-FROM-OPENID", "WX-APPID", "WX-FROM-APPID").Replace(f.head) + end,
		"twice":                 post + f.head + f.head + end,
		"with HTTP/1.0":         "POST " + cloudRun + " HTTP/1.0\n" + f.head + end,
		"by GET":                "GET " + cloudRun + " HTTP/1.1\nHost: a\n" + f.head + end,
		"to a host inside":      "POST " + cloudRun + " HTTP/1.1\nHost: " + inside + "\n" + f.head + end,
		"to an absolute URL":    "POST http://" + inside + cloudRun + " HTTP/1.1\nHost: " + inside + "\n" + f.head + end,
		"as hop by hop":         post + f.head + "Connection: close, X-WX-SOURCE, X-WX-OPENID\n\n",
		"behind a PROXY line":   "PROXY TCP4 " + inside + " 127.0.0.1 1 8080\n" + post + f.head + end,
		"with a blank in names": post + strings.ReplaceAll(f.head, ": ", " : ") + end,
		"as trailers": post + "Transfer-Encoding: chunked\nTrailer: X-WX-SOURCE, X-WX-APPID, X-WX-OPENID\n" + end +
			"2\n{}\n0\n" + f.head + "\n",
		"in a second request":         "POST /livez HTTP/1.1\nHost: a\nContent-Length: 0\n\n" + post + f.head + end,
		"behind a length that is two": post + "Content-Length: 0\nTransfer-Encoding: chunked\n" + end + "0\n\n" + post + f.head + end,
		"behind two lengths":          post + "Content-Length: 0\nContent-Length: 5\n" + end + post + f.head + end,
	}
	for _, claim := range claims() {
		requests["with "+claim] = post + f.head + claim + "\n" + end
	}
	for what, request := range requests {
		status, all := f.raw(t, request)
		if f.wantNothing(t, what, status, all); status != http.StatusNotFound && status != http.StatusBadRequest && status != http.StatusMethodNotAllowed {
			t.Errorf("%s: got %d, want 404, or 400 for what is no HTTP", what, status)
		}
	}
	f.wantNoTrace(t)
}

// Where Cloud Run is believed, what it says counts in its headers alone, and once.
func TestT26_CloudRunHeadersForgedFromInsideGetNothing(t *testing.T) {
	f := forging(t, here)
	const end = "Connection: close\n\n"
	post := "POST " + cloudRun + " HTTP/1.1\nHost: login.example.com\n"
	query := strings.NewReplacer(": ", "=", "\n", "&").Replace(f.head)
	form := post + "Content-Type: application/x-www-form-urlencoded\nContent-Length: "
	json := fmt.Sprintf(`{"X-WX-SOURCE":"a","X-WX-APPID":%q,"X-WX-OPENID":%q,"openId":%q}`, testkit.App(f.cfg), f.alice, f.alice)
	for what, request := range map[string]string{
		"without a source": post + strings.Replace(f.head, "X-WX-SOURCE", "X-WX-Other", 1) + end,
		"twice":            post + f.head + f.head + end,
		"two people":       post + f.head + "X-WX-OPENID: mallory\n" + end,
		"two in one line":  post + strings.Replace(f.head, f.alice, "mallory, "+f.alice, 1) + end,
		"two in two lines": post + strings.Replace(f.head, f.alice, "mallory\n "+f.alice, 1) + end,
		"both sets":        post + f.head + "X-WX-FROM-OPENID: mallory\n" + end,
		"of another app":   post + strings.NewReplacer("WX-OPENID", "WX-FROM-OPENID", "WX-APPID", "WX-FROM-APPID").Replace(f.head) + end,
		"beside another's": post + f.head + "X-WX-FROM-APPID: wxshared\nX-WX-FROM-OPENID: mallory\n" + end,
		"with underscores": post + strings.ReplaceAll(f.head, "X-WX-", "X_WX_") + end,
		"as trailers": post + "Transfer-Encoding: chunked\nTrailer: X-WX-SOURCE, X-WX-APPID, X-WX-OPENID\nContent-Type: application/json\n" + end +
			"2\n{}\n0\n" + f.head + "\n",
		"as trailers that nobody announced": post + "Transfer-Encoding: chunked\n" + end + "0\n" + f.head + "\n",
		"one of them as a trailer": post + strings.Replace(f.head, "X-WX-SOURCE: wx_client\n", "", 1) +
			"Transfer-Encoding: chunked\nTrailer: X-WX-SOURCE\n" + end + "0\nX-WX-SOURCE: wx_client\n\n",
		"in the query":            "POST " + cloudRun + "?" + query + " HTTP/1.1\nHost: a\n" + end,
		"in a form":               fmt.Sprintf("%s%d\n%s%s", form, len(query), end, query),
		"in the body":             fmt.Sprintf("%sContent-Type: application/json\nContent-Length: %d\n%s%s", post, len(json), end, json),
		"with another's code":     post + f.head + "Content-Type: application/json\nContent-Length: 12\n" + end + `{"code":"a"}`,
		"behind a slash":          "POST " + cloudRun + "/ HTTP/1.1\nHost: a\n" + f.head + end,
		"by GET":                  "GET " + cloudRun + " HTTP/1.1\nHost: a\n" + f.head + end,
		"by another way to login": "POST /v1/login HTTP/1.1\nHost: a\n" + f.head + "Content-Type: application/json\nContent-Length: 2\n" + end + "{}",
	} {
		status, all := f.raw(t, request)
		f.wantNothing(t, what, status, all)
	}
	f.wantNoTrace(t)
	if status, all := f.raw(t, "POST "+cloudRun+" HTTP/1.0\n"+f.head+end); status != http.StatusOK || !strings.Contains(all, "accessToken") {
		t.Errorf("Cloud Run itself, with HTTP/1.0: got %d %s, want a login", status, all)
	}
	if strings.Contains(f.log.String(), f.alice) {
		t.Error("the log names alice")
	}
	if !bytes.Contains(dump(t, f.cfg), []byte(f.alice)) {
		t.Error("a login leaves no trace: nothing above was looked for")
	}
}
