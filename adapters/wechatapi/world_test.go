package wechatapi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/domain"
)

// What must be in no error, either.
const (
	platformToken = "hush-token-c3f0"
	phoneCode     = "hush-phonecode-1b2e"
	phoneDigits   = "13580006666"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// meter counts calls by "app endpoint result".
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *meter) CountCall(app domain.AppID, endpoint, result string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[fmt.Sprint(app, " ", endpoint, " ", result)]++
}

// of returns how often the endpoint was called, by result.
func (m *meter) of(endpoint string) map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := map[string]int{}
	for key, n := range m.counts {
		if parts := strings.Fields(key); parts[1] == endpoint {
			all[parts[2]] += n
		}
	}
	return all
}

// asked is a request as it came.
type asked struct {
	method, path, token, body string
	header                    http.Header
	query                     map[string][]string
}

// office is a platform with server APIs: it hands out tokens, number 1, 2, …, and
// answers by path what a test decides. By default it is obliging.
type office struct {
	*platform
	mu      sync.Mutex
	got     []asked
	tokens  int
	answers map[string]http.HandlerFunc // by last part of the path
}

func openOffice(t testing.TB) *office {
	o := &office{answers: map[string]http.HandlerFunc{
		"jscode2session":      saying(good),
		"getuserphonenumber":  saying(numbered(`"86"`, phoneDigits, string(oneApp))),
		"checksession":        saying(`{"errcode":0,"errmsg":"ok"}`),
		"resetusersessionkey": saying(`{"errcode":0,"errmsg":"ok","openid":"o1","session_key":"` + freshKey + `"}`),
	}}
	o.answers["stable_token"] = func(w http.ResponseWriter, r *http.Request) { saying(granting(o.nextToken(), 7200))(w, r) }
	o.platform = serve(t, o.answer)
	return o
}

const freshKey = "aHVzaC1mcmVzaGtleS0tIQ=="

func (o *office) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	o.mu.Lock()
	o.got = append(o.got, asked{r.Method, r.URL.Path, r.URL.Query().Get("access_token"), string(body), r.Header, r.URL.Query()})
	answer := o.answers[name]
	o.mu.Unlock()
	answer(w, r)
}

// says makes the endpoint answer so from now on.
func (o *office) says(name string, answer http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answers[name] = answer
}

// nextToken is a token that nobody was given before.
func (o *office) nextToken() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tokens++
	return fmt.Sprint(platformToken, "-", o.tokens)
}

// of returns the requests for an endpoint.
func (o *office) of(name string) []asked {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []asked
	for _, a := range o.got {
		if strings.HasSuffix(a.path, "/"+name) {
			all = append(all, a)
		}
	}
	return all
}

func granting(token string, seconds int) string {
	return fmt.Sprintf(`{"access_token":%q,"expires_in":%d}`, token, seconds)
}

// numbered is an answer of getuserphonenumber; country is JSON.
func numbered(country, pure, app string) string {
	return fmt.Sprintf(`{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":%q,"purePhoneNumber":%q,"countryCode":%s,`+
		`"watermark":{"timestamp":1637744274,"appid":%q}}}`, pure, pure, country, app)
}

// refusing is an answer with an errcode that echoes what must not be told.
func refusing(code int) string {
	return fmt.Sprintf(`{"errcode":%d,"errmsg":"no %s %s %s, rid: 6129ee10-272863a4-64d75414"}`, code, platformToken, phoneCode, appSecret)
}

// mustMean checks that err is want, and tells no secret.
func mustMean(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
	mustHide(t, err)
}

// phonePerson is who taps the phone button, or has a session_key.
var phonePerson = domain.WeChatIdentity{AppID: oneApp, OpenID: "o1"}
