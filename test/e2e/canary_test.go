package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/test/testkit"
)

// watched is a world whose every secret is known and whose every word is heard.
type watched struct {
	world
	*spies
	t *testing.T
}

func underWatch(t *testing.T) watched {
	t.Helper()
	keys := t.TempDir()
	for _, alg := range []string{"ES256", "HS256"} {
		if code, _, err := command(t, nil, "keys", "generate", "--dir", keys, "--alg", alg); code != 0 {
			t.Fatal(err)
		}
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	sealing := base64.StdEncoding.EncodeToString(raw)
	s := newSpies(t)
	s.guard("the sealing key", sealing)
	s.guardKeys(keys)
	wechat, address := simulate(t, func(c *wechatsim.Config) { c.MinKeyAge = -1 })
	env := bare(address, t.TempDir()).with(hasty).with(settings{
		"LOG_LEVEL": "debug", "WECHAT_TIMEOUT": "1s", "TOKEN_KEYS_DIR": keys, "SEALING_KEYS": "k1:" + sealing,
	})
	w := watched{world{serve(t, env), wechat, env}, s, t}
	s.logs = append(s.logs, w.process)
	return w
}

// secretCode is code, and guards it and the session_key that it stands for.
func (w watched) secretCode(person string) string {
	code := w.code(w.t, person)
	key, err := w.wechat.SessionKey("", person)
	if err != nil {
		w.t.Fatal(err)
	}
	w.guard("a code", code)
	w.guard("a session_key", key)
	return code
}

// all logs in by every protocol, and returns the answers.
func (w watched) all(by, person string) (own, scaffold, wafer testkit.Answer) {
	own = w.hear(by, w.Post("/v1/login", map[string]any{"code": w.secretCode(person), "device": map[string]string{"id": "device-1"}}))
	scaffold = w.hear(by, w.Get("/user/login?code="+w.secretCode(person), ""))
	wafer = w.hear(by, w.Get("/weapp/login", "", waferHeaders(w.secretCode(person), "AAAA", "AAAA")...))
	return own, scaffold, wafer
}

// waferHeaders are those of a full login with Tencent's client SDK.
func waferHeaders(code, data, iv string) []testkit.Header {
	return []testkit.Header{testkit.With("X-WX-Code", code), testkit.With("X-WX-Encrypted-Data", data), testkit.With("X-WX-IV", iv)}
}

func TestT12_T13_NoSecretIsLoggedAnsweredOrStored(t *testing.T) { // I-10
	w := underWatch(t)
	w.openData()
	w.faults()
	w.reuse()
	w.malformed()
	ban := start(t, t.TempDir(), w.env, "wxlogin", "users", "ban", "nobody")
	if code := ban.exits(t, patience); code != 1 {
		t.Errorf("ban of nobody: got exit code %d, want 1", code)
	}
	w.logs = append(w.logs, ban)
	w.wantSilence(w.env["DATA_DIR"]) // as it runs
	w.stops(t)
	w.wantSilence(w.env["DATA_DIR"]) // and as it stopped
	log := w.err.String()
	if !strings.Contains(log, `"level":"DEBUG"`) || !strings.Contains(log, `"level":"ERROR"`) || strings.Count(log, `"request failed"`) < 20 {
		t.Error("the log is not that of a bad day at debug level: the test proves nothing")
	}
	t.Logf("%d secrets, %d answers, %d bytes of log", len(w.secrets), len(w.answers), len(log))
}

// openData logs in with open data: good, another's, cut short.
func (w watched) openData() {
	for _, whose := range []string{"alice", "mallory"} {
		for _, cut := range []int{0, 4} {
			code := w.secretCode("alice")
			data, err := w.wechat.OpenData("", whose, "userinfo")
			if err != nil {
				w.t.Fatal(err)
			}
			w.guard("what open data says", data.EncryptedData)
			sent := data.EncryptedData[:len(data.EncryptedData)-cut]
			login := w.hear("open data", w.Post("/v1/login", map[string]any{"code": code, "profile": map[string]string{
				"encryptedData": sent, "iv": data.IV, "rawData": data.RawData, "signature": data.Signature,
			}})).Login(w.t)
			if good := whose == "alice" && cut == 0; good != (len(login.Warnings) == 0) {
				w.t.Errorf("open data of %s less %d: got warnings %v", whose, cut, login.Warnings)
			}
			query := url.Values{"code": {w.secretCode("alice")}, "encryptedData": {sent}, "iv": {data.IV}}
			w.hear("open data, scaffold", w.Get("/user/login?"+query.Encode(), ""))
			w.hear("open data, wafer", w.Get("/weapp/login", "", waferHeaders(w.secretCode("alice"), sent, data.IV)...))
		}
	}
}

// faults logs in under everything that can go wrong at WeChat's.
func (w watched) faults() {
	for _, fault := range everyFault(w.t, w.wechat) {
		fault.Endpoint = "jscode2session"
		if err := w.wechat.SetFault(fault); err != nil {
			w.t.Fatal(err)
		}
		w.wechat.ClearCalls()
		w.all("fault "+fault.Kind, "bob")
		struck := 0
		for _, call := range w.wechat.Calls() {
			if call.Fault == fault.Kind {
				struck++
			}
		}
		if struck < 3 {
			w.t.Errorf("fault %s struck %d times, want it in every protocol", fault.Kind, struck)
		}
		w.wechat.ClearFaults()
		for range 2 { // more good days than bad ones, for the breaker's sake
			own, scaffold, wafer := w.all("fine weather", "carol")
			if own.Status != 200 || !strings.Contains(string(scaffold.Body), `"Token"`) || !strings.Contains(string(wafer.Body), `"skey"`) {
				w.t.Errorf("after fault %s: got %d %s, %s and %s, want logins", fault.Kind, own.Status, own.Body, scaffold.Body, wafer.Body)
			}
		}
	}
}

// everyFault is one of each kind that the simulator knows, and the errcodes that
// mean something.
func everyFault(t *testing.T, wechat *wechatsim.Simulator) []wechatsim.Fault {
	t.Helper()
	_, list, found := strings.Cut(wechat.SetFault(wechatsim.Fault{Kind: "?"}).Error(), "there is ")
	if !found {
		t.Fatal("the simulator does not say which faults there are")
	}
	var all []wechatsim.Fault
	for kind := range strings.SplitSeq(list, ", ") {
		if kind != "errcode" {
			all = append(all, wechatsim.Fault{Kind: kind})
		}
	}
	for _, code := range []int{-1, 40029, 40163, 40226, 45011, 40013, 40125, 99999} {
		all = append(all, wechatsim.Fault{Kind: "errcode", ErrCode: code})
	}
	return all
}

// reuse presents codes twice and tokens where they do not belong.
func (w watched) reuse() {
	code := w.secretCode("dave")
	login := w.hear("login", w.Post("/v1/login", map[string]any{"code": code})).Login(w.t)
	wantStatus(w.t, "used code", w.hear("used code", w.Post("/v1/login", map[string]any{"code": code})), 401, "code_used")
	w.hear("used code, scaffold", w.Get("/user/login?code="+code, ""))
	w.hear("used code, wafer", w.Get("/weapp/login", "", waferHeaders(code, "AAAA", "AAAA")...))
	w.hear("the code alone, wafer", w.Get("/weapp/login", "", testkit.With("X-WX-Code", w.secretCode("frank"))))
	w.hear("user, wafer", w.Get("/weapp/user", "", testkit.With("X-WX-Skey", login.AccessToken)))
	w.hear("me", w.Get("/v1/me", login.AccessToken))
	w.hear("home/test", w.Get("/home/test", login.AccessToken))
	damaged := login.AccessToken[:len(login.AccessToken)-8] + "AAAAAAAA"
	w.guard("a damaged token", damaged)
	wantStatus(w.t, "damaged token", w.hear("damaged token", w.Get("/v1/me", damaged)), 401, "token_invalid")
	w.hear("damaged token, scaffold", w.Get("/home/test", damaged))
	w.hear("damaged token, wafer", w.Get("/weapp/user", "", testkit.With("X-WX-Skey", damaged)))
	wantStatus(w.t, "refresh token as access token", w.hear("refresh token as access token", w.Get("/v1/me", login.RefreshToken)), 401, "token_invalid")
	wantStatus(w.t, "token in the query", w.hear("token in the query", w.Get("/v1/me?access_token="+login.AccessToken, "")), 401, "token_missing")
}
