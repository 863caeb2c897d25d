package integration

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestWaferClientLogsInUnchanged(t *testing.T) { // wechat-api 11.1
	onEveryStore(t, func(t *testing.T, w world) {
		if _, err := w.wechat.PutPerson(wechatsim.Person{Name: "alice", Nickname: "爱丽丝🌻", Avatar: "https://thirdwx.qlogo.cn/alice/132"}); err != nil {
			t.Fatal(err)
		}
		want := waferUser{NickName: "爱丽丝🌻", AvatarURL: "https://thirdwx.qlogo.cn/alice/132", Language: "zh_CN"}
		phone := &waferPhone{w: w, person: "alice"}
		if _, answer := phone.loginWithCode(t); answer.Code != -1 || answer.Error != "ERR_USER_NOT_FOUND" || answer.Data != nil {
			t.Fatalf("a first visit, silently: got %+v, want ERR_USER_NOT_FOUND", answer)
		}
		if user, answer := phone.login(t, "alice"); fmt.Sprint(user) != fmt.Sprint(want) {
			t.Fatalf("the full login: got %+v, want %+v", answer, want)
		}
		if user, recovered, ok := phone.request(t); !ok || recovered || fmt.Sprint(user) != fmt.Sprint(want) {
			t.Errorf("a request: got %+v, recovered %v; want %+v", user, recovered, want)
		}
		if all, _ := w.devices(t, phone.skey); len(all) != 1 {
			t.Errorf("got %d sessions, want none of the login that was refused", len(all))
		}
		other := &waferPhone{w: w, person: "alice"}
		if user, answer := other.loginWithCode(t); fmt.Sprint(user) != fmt.Sprint(want) || other.skey == phone.skey {
			t.Errorf("a known person, silently: got %+v, want %+v and another skey", answer, want)
		}
		phone.skey = "7b69dc787384c988eb0e4ca9920295396aeb9e8a"
		if user, recovered, ok := phone.request(t); !ok || !recovered || fmt.Sprint(user) != fmt.Sprint(want) {
			t.Errorf("with an skey of Tencent's: got %+v, recovered %v; want a silent login", user, recovered)
		}
	})
}

func TestWaferClientIsTheUserOfEveryOtherWayIn(t *testing.T) {
	w := inMemory(t)
	own := w.login(t, "alice")
	phone := &waferPhone{w: w, person: "alice"}
	if _, answer := phone.loginWithCode(t); answer.Code != 0 {
		t.Fatalf("silently, after our own login: got %+v, want a session", answer)
	}
	if me := w.Get("/v1/me", phone.skey).User(t); me.ID != own.User.ID {
		t.Errorf("got user %s, want %s", me.ID, own.User.ID)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	me := w.Upload("/v1/me/avatar", phone.skey, picture.Bytes()).User(t)
	if user, _, ok := phone.request(t); !ok || user.AvatarURL != me.AvatarURL || !strings.HasPrefix(user.AvatarURL, w.cfg.Tokens.Issuer) {
		t.Errorf("got avatar %q, want that of /v1/me, %q", user.AvatarURL, me.AvatarURL)
	}
}

func TestWaferLoginBearsDataThatCannotBeRead(t *testing.T) {
	w := inMemory(t)
	phone := &waferPhone{w: w, person: "alice"}
	if user, answer := phone.login(t, "mallory"); answer.Code != 0 || user.NickName != "微信用户" || user.AvatarURL != "" {
		t.Errorf("got %+v, want a session that names nobody", answer)
	}
	if _, recovered, ok := phone.request(t); !ok || recovered {
		t.Error("the skey is refused")
	}
}

func TestWaferParallelFirstVisitsMakeOneUser(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		var visits sync.WaitGroup
		users, refused := make([]string, 20), make([]bool, 20)
		for i := range users {
			visits.Go(func() {
				phone := &waferPhone{w: w, person: "alice"}
				if i%2 == 0 {
					_, answer := phone.loginWithCode(t)
					if refused[i] = answer.Code != 0; refused[i] {
						return
					}
				} else {
					phone.login(t, "alice")
				}
				users[i] = w.Get("/v1/me", phone.skey).User(t).ID
			})
		}
		visits.Wait()
		found, unknown := map[string]bool{}, 0
		for i, user := range users {
			if refused[i] {
				unknown++
				continue
			}
			found[user] = true
		}
		if len(found) != 1 || unknown > 1 {
			t.Errorf("got users %v and %d told that they are unknown, want one user and one at most", found, unknown)
		}
	})
}

func TestWaferSkeyEndsAfterADay(t *testing.T) {
	cfg := testkit.Config(t)
	wechat := testkit.Simulate(t, &cfg)
	clock := &frozen{time.Now().UTC()}
	w := world{testkit.NewClient(t, testkit.Start(t, cfg, testkit.Swap[ports.Clock](clock))), wechat, cfg}
	phone := &waferPhone{w: w, person: "alice"}
	phone.login(t, "alice")
	clock.now = clock.now.Add(24*time.Hour - time.Second)
	if answer := phone.user(t); answer.Code != 0 {
		t.Errorf("within the day: got %+v, want the user", answer)
	}
	clock.now = clock.now.Add(time.Minute)
	if answer := phone.user(t); answer.Code != -1 || answer.Error != "" || string(answer.Data) != "{}" {
		t.Errorf("after it: got %+v, want no error and no data", answer)
	}
}

func TestWaferIsSpokenOnlyWhereItIsSwitchedOn(t *testing.T) {
	w := inMemory(t, func(cfg *config.Config) { cfg.Wafer.Enabled = false })
	for _, path := range []string{"/weapp/login", "/weapp/user"} {
		wantStatus(t, path, w.Get(path, "", testkit.With("X-WX-Code", w.code(t, "alice"))), 404, "not_found")
	}
	if calls := w.wechat.Calls(); len(calls) != 0 {
		t.Errorf("got %d calls to WeChat, want none", len(calls))
	}
}

func TestWaferLoginsCountAsLogins(t *testing.T) { // R-HTTP-4
	w := inMemory(t, func(cfg *config.Config) { cfg.HTTP.RateLimits = true })
	phone := &waferPhone{w: w, person: "alice"}
	var last waferAnswer
	for range 400 {
		if last = phone.ask(t, "/weapp/login"); last.Error != "ERR_HEADER_MISSED" {
			break
		}
	}
	if last.Code != -1 || last.Error != "ERR_RATE_LIMITED" {
		t.Errorf("got %+v, want ERR_RATE_LIMITED", last)
	}
	wantStatus(t, "our own login", w.Post("/v1/login", map[string]any{"code": "x"}), 429, "rate_limited")
	if answer := phone.user(t); answer.Error != "ERR_SKEY_INVALID" {
		t.Errorf("/weapp/user: got %+v, want it not limited", answer)
	}
}

func TestWaferCodeWorksOnce(t *testing.T) {
	w := inMemory(t)
	phone, code := &waferPhone{w: w, person: "alice"}, w.code(t, "alice")
	header := []testkit.Header{testkit.With("X-WX-Code", code), testkit.With("X-WX-Encrypted-Data", "AAAA"), testkit.With("X-WX-IV", "AAAA")}
	if answer := phone.ask(t, "/weapp/login", header...); answer.Code != 0 {
		t.Fatalf("got %+v, want a session", answer)
	}
	if answer := phone.ask(t, "/weapp/login", header...); answer.Error != "ERR_GET_SESSION_KEY" {
		t.Errorf("again: got %+v, want ERR_GET_SESSION_KEY", answer)
	}
}

func TestWaferAnswersAreAsDocumented(t *testing.T) {
	w := inMemory(t)
	spec := w.Get("/openapi.yaml", "").Body
	phone := &waferPhone{w: w, person: "alice"}
	phone.login(t, "alice")
	for _, a := range []testkit.Answer{
		w.Get("/weapp/login", ""),
		w.Get("/weapp/login", "", testkit.With("X-WX-Code", w.code(t, "alice"))),
		w.Get("/weapp/login", "", testkit.With("X-WX-Code", w.code(t, "stranger"))),
		w.Get("/weapp/login", "", testkit.With("X-WX-Code", "nonsense")),
		w.Post("/weapp/login", map[string]any{"code": w.code(t, "alice")}),
		w.Get("/weapp/user", ""),
		w.Get("/weapp/user", "", testkit.With("X-WX-Skey", phone.skey)),
	} {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		testkit.CheckAnswer(t, spec, a.Request, &http.Response{StatusCode: a.Status, Header: a.Header}, a.Body)
	}
}
