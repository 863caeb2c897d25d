package integration

import (
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func (w world) eventsURL() string { return w.Base + "/v1/wechat/events/" + string(testkit.App(w.cfg)) }

// push delivers an event as WeChat does, which must be taken.
func (w world) push(t *testing.T, p wechatsim.Push) {
	t.Helper()
	status, body, err := w.wechat.Push(t.Context(), w.eventsURL(), p)
	if err != nil || status != 200 || body != "success" {
		t.Fatalf("%s: got %d %q and %v, want success", p.Event, status, body, err)
	}
}

// asWeChatSends are the forms that a message comes in.
var asWeChatSends = map[string]wechatsim.Push{
	"XML":               {Format: "xml", Encrypted: true},
	"JSON":              {Format: "json", Encrypted: true},
	"JSON with blanks ": {Format: "json", Encrypted: true, StrayBlanks: true},
}

// filled logs a person in who gives all that there is.
func (w world) filled(t *testing.T, name string) testkit.Login {
	t.Helper()
	w.person(t, name)
	login := w.login(t, name)
	w.Post("/v1/me", map[string]string{"nickname": "Alice"}, testkit.Bearer(login.AccessToken)).User(t)
	w.bind(t, login, w.phoneCode(t, name)).User(t)
	w.Upload("/v1/me/avatar", login.AccessToken, picture(t, 32, 32)).User(t)
	return login
}

func TestWithdrawnPartsGoAndTheOthersStay(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		must(t, w.wechat.VerifyURL(t.Context(), "", w.eventsURL()))
		for form, sent := range asWeChatSends {
			login := w.filled(t, "alice")
			before := w.Get("/v1/me", login.AccessToken).User(t)
			for _, tt := range []struct {
				event, info             string
				nickname, avatar, phone bool // whether it stays
			}{
				{"user_authorization_revoke", "12", true, true, true}, // steps of WeRun
				{"user_authorization_revoke", "19", false, true, true},
				{"user_authorization_revoke", "20", false, false, true},
				{"user_authorization_revoke", "8", false, false, false},
			} {
				sent.Person, sent.Event, sent.RevokeInfo = "alice", tt.event, tt.info
				w.push(t, sent)
				me := w.Get("/v1/me", login.AccessToken).User(t)
				if (me.Nickname != "") != tt.nickname || (me.AvatarURL != "") != tt.avatar || (me.Phone != "") != tt.phone {
					t.Errorf("%s, after %s %s: got %+v", form, tt.event, tt.info, me)
				}
			}
			wantStatus(t, "the picture", w.Get(pathOf(t, before.AvatarURL), ""), 404, "not_found")
		}
	})
}

func TestModifiedUserLosesNicknameAndAvatar(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.filled(t, "alice")
		w.push(t, wechatsim.Push{Person: "alice", Event: "user_info_modified", Format: "json", Encrypted: true})
		if me := w.Get("/v1/me", login.AccessToken).User(t); me.Nickname != "" || me.AvatarURL != "" || me.Phone == "" {
			t.Errorf("got %+v, want the phone alone", me)
		}
	})
}

func TestEventThatComesAgainChangesNothing(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.filled(t, "alice")
		event := wechatsim.Push{
			Person: "alice", Event: "user_authorization_revoke", RevokeInfo: "6", Format: "xml", Encrypted: true, CreateTime: time.Now().Add(-time.Minute),
		}
		w.push(t, event) // of what was withdrawn before it was given
		if me := w.Get("/v1/me", login.AccessToken).User(t); me.Nickname != "Alice" || me.AvatarURL == "" {
			t.Errorf("got %+v, want what was given after the event", me)
		}
		for _, unknown := range []wechatsim.Push{
			{Person: "nobody", Event: "user_authorization_revoke", RevokeInfo: "6"}, {Person: "alice", Event: "something_else"},
			{Person: "nobody", Event: "user_authorization_cancellation"},
		} {
			unknown.Format, unknown.Encrypted = "json", true
			w.push(t, unknown)
		}
	})
}

func TestClosedWeChatAccountIsErasedAtOnce(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.filled(t, "alice")
		event := wechatsim.Push{Person: "alice", Event: "user_authorization_cancellation", Format: "json", Encrypted: true}
		w.push(t, event)
		wantStatus(t, "me", w.Get("/v1/me", login.AccessToken), 401, "session_revoked")
		wantStatus(t, "refresh", w.refresh(login.RefreshToken), 401, "refresh_invalid")
		event.CreateTime = time.Now().Add(-time.Minute)
		again := w.login(t, "alice")
		w.push(t, event)
		if !again.NewUser || again.User.ID == login.User.ID {
			t.Errorf("afterwards: got %+v, want somebody new", again.User)
		}
		wantStatus(t, "me after the event came again", w.Get("/v1/me", again.AccessToken), 200, "")
	})
}

func TestMessageOfStrangersIsRefused(t *testing.T) {
	w := inMemory(t)
	login := w.filled(t, "alice")
	other := testkit.Config(t)
	other.Events.Apps = []config.EventsApp{{ID: testkit.App(w.cfg), Token: domain.NewSecret("anothertoken"), Key: w.cfg.Events.Apps[0].Key}}
	forger := testkit.Simulate(t, &other)
	event := wechatsim.Push{Person: "alice", Event: "user_authorization_cancellation", Format: "json", Encrypted: true}
	status, body, err := forger.Push(t.Context(), w.eventsURL(), event)
	if err != nil || status != 403 || body == "success" {
		t.Errorf("a wrong token: got %d %q and %v", status, body, err)
	}
	event.Encrypted = false
	status, body, err = w.wechat.Push(t.Context(), w.eventsURL(), event)
	if err != nil || status != 403 {
		t.Errorf("a plain message to an app with a key: got %d %q and %v", status, body, err)
	}
	wantStatus(t, "another app", w.Get("/v1/wechat/events/wxother?signature=x&timestamp=1&nonce=2&echostr=3", ""), 404, "not_found")
	wantStatus(t, "me", w.Get("/v1/me", login.AccessToken), 200, "")
}
