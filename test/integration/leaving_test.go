package integration

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// leaves deletes the account of login, and returns until when it can be had back.
func (w world) leaves(t *testing.T, login testkit.Login) time.Time {
	t.Helper()
	var told struct{ DeletionAt time.Time }
	a := w.Delete("/v1/me", login.AccessToken)
	if err := json.Unmarshal(a.Body, &told); err != nil || a.Status != 202 {
		t.Fatalf("leaving: got %d %s, want 202", a.Status, a.Body)
	}
	return told.DeletionAt
}

func TestWhoLeavesIsOutAtOnceAndBackByALogin(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		first := w.onDevice(t, "alice", "device-01")
		other := w.onDevice(t, "alice", "device-02")
		w.Post("/v1/me", map[string]string{"nickname": "Alice"}, testkit.Bearer(first.AccessToken)).User(t)
		w.bind(t, first, w.phoneCode(t, "alice")).User(t)
		if until := time.Until(w.leaves(t, first)); until < 167*time.Hour || until > 168*time.Hour {
			t.Errorf("erased in %v, want in 7 days", until)
		}
		for _, login := range []testkit.Login{first, other} {
			wantStatus(t, "me", w.Get("/v1/me", login.AccessToken), 401, "session_revoked")
			wantStatus(t, "refresh", w.refresh(login.RefreshToken), 401, "refresh_invalid")
		}
		back := w.login(t, "alice")
		if !back.Restored || back.NewUser || back.User.ID != first.User.ID || back.User.Nickname != "Alice" || back.User.Phone != "135****6666" {
			t.Errorf("got %+v, restored: %v, want everything back", back.User, back.Restored)
		}
		if again := w.login(t, "alice"); again.Restored {
			t.Error("a login after that says restored, too")
		}
	})
}

func TestExportHasAllThatIsStored(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		login := w.onDevice(t, "alice", "device-01")
		w.bind(t, login, w.phoneCode(t, "alice")).User(t)
		w.Upload("/v1/me/avatar", login.AccessToken, picture(t, 40, 30)).User(t)
		openID, _, err := w.wechat.Identity("", "alice")
		must(t, err)
		var file struct {
			Phone      string
			Avatar     []byte
			Identities []struct{ AppID, OpenID, Phone string }
			Sessions   []struct{ Device struct{ ID string } }
			Audit      []struct{ Action string }
		}
		a := w.Get("/v1/me/export", login.AccessToken)
		must(t, json.Unmarshal(a.Body, &file))
		if len(file.Identities) != 1 || len(file.Sessions) != 1 || len(file.Audit) != 1 {
			t.Fatalf("got %s", a.Body)
		}
		if file.Phone != "+8613580006666" || file.Identities[0].OpenID != openID || file.Sessions[0].Device.ID != "device-01" ||
			file.Audit[0].Action != string(domain.AuditPhoneBound) || len(file.Avatar) == 0 {
			t.Errorf("got %s, want all of it", a.Body)
		}
		key, err := w.wechat.SessionKey("", "alice")
		must(t, err)
		if strings.Contains(string(a.Body), key) || strings.Contains(string(a.Body), "v1.test.") {
			t.Error("a session_key is in it")
		}
	})
}

// T-40: nothing of a person is left, in no table, collection or file, but the ids
// in the audit log.
func TestNothingIsLeftOfWhoWasErased(t *testing.T) {
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			if store.name == "memory" {
				return // what a process forgets nobody can read: the store's own tests look
			}
			cfg.Accounts.CoolingOff = 0
			wechat := testkit.Simulate(t, &cfg)
			var left, stays person
			while(t, world{nil, wechat, cfg}, func(w operated) {
				left, stays = w.known(t, "alice", "13580006666"), w.known(t, "bob", "13580007777")
				mustHold(t, cfg, left, true)
				w.leaves(t, left.login)
				wantStatus(t, "the picture", w.Get("/v1/avatars/"+left.canaries["avatar"], ""), 404, "not_found")
			})
			mustHold(t, cfg, left, false)
			mustHold(t, cfg, stays, true)
			while(t, world{nil, wechat, cfg}, func(w operated) {
				if again := w.login(t, "alice"); !again.NewUser || again.User.ID == left.login.User.ID || again.User.Phone != "" {
					t.Errorf("after that: got %+v, want somebody new", again.User)
				}
			})
		})
	}
}

func TestAccountIsErasedWhenTheTimeHasCome(t *testing.T) {
	onSharedStores(t, func(t *testing.T, w world) {
		w.cfg.Accounts.CoolingOff = time.Second
		o := operate(t, w)
		first := o.login(t, "alice")
		o.leaves(t, first)
		eventually(t, "the account is erased", 20*time.Second, func() bool {
			_, err := o.do.Erase.EraseDue(t.Context())
			must(t, err)
			_, err = o.do.Users.User(t.Context(), domain.UserID(first.User.ID))
			return err != nil
		})
		entries, err := o.do.Users.Audit(t.Context(), domain.UserID(first.User.ID), 10)
		must(t, err)
		if len(entries) != 2 || entries[0].Action != domain.AuditErased || entries[1].Action != domain.AuditDeletionRequested {
			t.Errorf("audit: got %+v", entries)
		}
	})
}
