package integration

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// shops are two mini programs of one open-platform account.
var shops = []string{"wxshop00000000001", "wxshop00000000002"}

// onFamily runs a test of two mini programs of one account once for each store.
func onFamily(t *testing.T, test func(*testing.T, operated), adjust ...func(*config.Config)) {
	t.Helper()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			cfg.WeChat.Apps = nil
			for _, id := range shops {
				cfg.WeChat.Apps = append(cfg.WeChat.Apps, config.App{ID: domain.AppID(id), Secret: domain.NewSecret("secret of " + id)})
			}
			withClient(&cfg)
			for _, f := range adjust {
				f(&cfg)
			}
			wechat := testkit.Simulate(t, &cfg, func(c *wechatsim.Config) {
				for i := range c.Apps {
					c.Apps[i].Account = "one"
				}
			})
			test(t, operate(t, world{nil, wechat, cfg}))
		})
	}
}

// through logs a person in through one of the mini programs.
func (w operated) through(t *testing.T, app int, person string) testkit.Answer {
	t.Helper()
	code, err := w.wechat.Code(shops[app], person)
	if err != nil {
		t.Error(err)
	}
	return w.Post("/v1/login", map[string]any{"appId": shops[app], "code": code})
}

func TestOnePersonThroughTwoMiniProgramsIsOneUser(t *testing.T) {
	onFamily(t, func(t *testing.T, w operated) {
		first := w.through(t, 0, "alice").Login(t)
		w.Post("/v1/me", map[string]string{"nickname": "Alice"}, testkit.Bearer(first.AccessToken)).User(t)
		second := w.through(t, 1, "alice").Login(t)
		if second.User.ID != first.User.ID || second.NewUser || second.User.Nickname != "Alice" || !second.User.UnionLinked {
			t.Errorf("got %+v, new: %v, want %s with the nickname", second.User, second.NewUser, first.User.ID)
		}
		if other := w.through(t, 1, "bob").Login(t); other.User.ID == first.User.ID || !other.NewUser {
			t.Errorf("another person: got %+v, want another user", other.User)
		}
		for _, login := range []testkit.Login{first, second} { // the older one's sessions live on
			if me := w.Get("/v1/me", login.AccessToken).User(t); me.ID != first.User.ID {
				t.Errorf("me: got %s", me.ID)
			}
		}
	})
}

func TestParallelFirstLoginsThroughTwoMiniProgramsEndAsOneUser(t *testing.T) {
	onFamily(t, func(t *testing.T, w operated) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if a := w.through(t, i%2, "alice"); a.Status != http.StatusOK && a.Status != http.StatusServiceUnavailable {
					t.Errorf("got %d %s", a.Status, a.Body)
				}
			})
		}
		all.Wait()
		one, other := w.through(t, 0, "alice").Login(t), w.through(t, 1, "alice").Login(t)
		if one.User.ID != other.User.ID {
			t.Errorf("got the users %s and %s, want one", one.User.ID, other.User.ID)
		}
	})
}

func TestBanReachesAPersonThroughEveryMiniProgram(t *testing.T) { // T-41
	onFamily(t, func(t *testing.T, w operated) {
		first := w.through(t, 0, "alice").Login(t)
		_, err := w.do.Bans.Ban(t.Context(), domain.UserID(first.User.ID))
		must(t, err)
		for app := range shops {
			wantStatus(t, fmt.Sprint("through ", app), w.through(t, app, "alice"), 403, "user_banned")
		}
		_, err = w.do.Bans.Unban(t.Context(), domain.UserID(first.User.ID))
		must(t, err)
		if again := w.through(t, 1, "alice").Login(t); again.User.ID != first.User.ID {
			t.Errorf("after the ban: got %s, want %s", again.User.ID, first.User.ID)
		}
	})
}

func TestTwoNumbersAreLeftToTheOperator(t *testing.T) { // R-WX-7, T-23
	onFamily(t, func(t *testing.T, w operated) {
		// Nobody is linked before WeChat names a unionid in both.
		must(t, w.wechat.SetUnionID(shops[1], "alice", ""))
		first, second := w.through(t, 0, "alice").Login(t), w.through(t, 1, "alice").Login(t)
		if first.User.ID == second.User.ID {
			t.Fatal("linked without a unionid")
		}
		for i, login := range []testkit.Login{first, second} {
			w.calling(t, "alice", "86", fmt.Sprintf("1358000777%d", i))
			code, err := w.wechat.PhoneCode(shops[i], "alice")
			if err != nil {
				t.Fatal(err)
			}
			w.bind(t, login, code).User(t)
		}
		_, union, err := w.wechat.Identity(shops[0], "alice")
		must(t, err)
		must(t, w.wechat.SetUnionID(shops[1], "alice", union))
		if again := w.through(t, 1, "alice").Login(t); again.User.ID != second.User.ID {
			t.Errorf("got %s, want %s to be left alone", again.User.ID, second.User.ID)
		}
		_, err = w.do.Links.Link(t.Context(), domain.UserID(second.User.ID), domain.UserID(first.User.ID))
		must(t, err)
		linked := w.through(t, 1, "alice").Login(t)
		if linked.User.ID != first.User.ID {
			t.Errorf("after the operator: got %s, want %s", linked.User.ID, first.User.ID)
		}
		wantStatus(t, "the session of the user who is no more", w.Get("/v1/me", second.AccessToken), 401, "session_revoked")
		_, err = w.do.Links.Unlink(t.Context(), domain.UserID(first.User.ID), domain.UserID(second.User.ID))
		must(t, err)
		if apart := w.through(t, 1, "alice").Login(t); apart.User.ID != second.User.ID || apart.User.Phone != "135****7771" {
			t.Errorf("after the undo: got %+v, want %s with its number", apart.User, second.User.ID)
		}
	})
}
