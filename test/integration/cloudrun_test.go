package integration

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

const cloudRun = "/v1/login/cloudrun"

// inCloudRun believes the peers in network, which is this machine unless a test is
// about those who are not.
func inCloudRun(network string) func(*config.Config) {
	return func(cfg *config.Config) {
		cfg.HTTP.CloudRun = config.CloudRun{Trust: true, Peers: []netip.Prefix{netip.MustParsePrefix(network)}}
	}
}

const here = "127.0.0.1/32"

// named are the headers with which Cloud Run names a person in an app.
func (w world) named(t testing.TB, app, person string) []testkit.Header {
	t.Helper()
	open, union, err := w.wechat.Identity(app, person)
	if err != nil {
		t.Fatal(err)
	}
	if app == "" {
		app = string(testkit.App(w.cfg))
	}
	return []testkit.Header{testkit.With("X-WX-SOURCE", "wx_client"), testkit.With("X-WX-APPID", app),
		testkit.With("X-WX-OPENID", open), testkit.With("X-WX-UNIONID", union)}
}

// byCloudRun logs a person in as wx.cloud.callContainer does.
func (w world) byCloudRun(t testing.TB, person string, body any) testkit.Login {
	t.Helper()
	return w.Post(cloudRun, body, w.named(t, "", person)...).Login(t)
}

// onCloudRun runs a test of a service that believes this machine once for each store.
func onCloudRun(t *testing.T, test func(*testing.T, world)) {
	t.Helper()
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			inCloudRun(here)(&cfg)
			store.use(t, &cfg)
			wechat := testkit.Simulate(t, &cfg)
			test(t, world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg})
		})
	}
}

func TestCloudRunLoginIsTheUserOfACode(t *testing.T) {
	onCloudRun(t, func(t *testing.T, w world) {
		first := w.byCloudRun(t, "alice", nil)
		if again := w.login(t, "alice"); !first.NewUser || again.NewUser || again.User.ID != first.User.ID {
			t.Errorf("by Cloud Run, then by a code: got %+v and %+v, want one user", first, again)
		}
		w.login(t, "bob")
		if again := w.byCloudRun(t, "bob", map[string]any{}); again.NewUser || again.User.ID == first.User.ID {
			t.Errorf("by a code, then by Cloud Run: got %+v, want the same user, not alice", again)
		}
		if me := w.Get("/v1/me", first.AccessToken).User(t); me.ID != first.User.ID {
			t.Errorf("got %+v, want %s", me, first.User.ID)
		}
		device := map[string]any{"device": map[string]string{"id": "device-01"}}
		old := w.byCloudRun(t, "alice", device)
		w.byCloudRun(t, "alice", device)
		wantStatus(t, "refresh of a session that was replaced", w.refresh(old.RefreshToken), 401, "refresh_invalid")
		w.leaves(t, first)
		if back := w.byCloudRun(t, "alice", nil); !back.Restored || back.User.ID != first.User.ID {
			t.Errorf("after leaving: got %+v, want %s restored", back, first.User.ID)
		}
	})
}

func TestCloudRunSessionOpensNoOpenData(t *testing.T) {
	onCloudRun(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		own := w.byCloudRun(t, "alice", map[string]any{"device": map[string]string{"id": "device-01"}})
		for _, kind := range []string{"userinfo", "phone"} {
			path := map[string]string{"userinfo": "/v1/me/profile", "phone": "/v1/me/phone"}[kind]
			wantStatus(t, path, w.Put(path, own.AccessToken, w.openData(t, "alice", kind)), 409, "open_data_stale")
		}
		if a := w.Get("/v1/me/wechat-session", own.AccessToken); a.Status != 200 || !strings.Contains(string(a.Body), `"valid":false`) {
			t.Errorf("wechat-session: got %d %s, want it not valid", a.Status, a.Body)
		}
		if user := w.bind(t, own, w.phoneCode(t, "alice")).User(t); user.Phone != "135****6666" {
			t.Errorf("a phone code: got %+v, want the number", user)
		}
		w.login(t, "alice") // another session, whose key opens the data
		w.Put("/v1/me/profile", own.AccessToken, w.openData(t, "alice", "userinfo")).User(t)
		if renewed := w.refresh(own.RefreshToken); renewed.Status != 200 {
			t.Errorf("refresh: got %d %s, want 200", renewed.Status, renewed.Body)
		}
		wantStatus(t, "the export", w.Get("/v1/me/export", own.AccessToken), 200, "")
		wantStatus(t, "logout", w.Post("/v1/logout", nil, testkit.Bearer(own.AccessToken)), 204, "")
	})
}

func TestCloudRunPhoneComesWithALogin(t *testing.T) {
	w := inMemory(t, inCloudRun(here))
	w.calling(t, "alice", "86", "13580006666")
	if got := w.byCloudRun(t, "alice", map[string]string{"phoneCode": w.phoneCode(t, "alice")}); got.User.Phone != "135****6666" || len(got.Warnings) != 0 {
		t.Errorf("got %+v with warnings %v, want the number", got.User, got.Warnings)
	}
	if got := w.byCloudRun(t, "alice", map[string]string{"phoneCode": "nonsense"}); len(got.Warnings) != 1 || got.Warnings[0].Code != "phone_code_invalid" {
		t.Errorf("got warnings %v, want phone_code_invalid", got.Warnings)
	}
}

// sharing believes all that Cloud Run says, in an environment of the first shop that
// is shared with the second.
func sharing(cfg *config.Config) {
	inCloudRun(here)(cfg)
	cfg.HTTP.CloudRun.UnionIDs, cfg.HTTP.CloudRun.Shared = true, []domain.AppID{domain.AppID(shops[1])}
}

// throughSecond are the headers of a person who comes through the second shop, with a
// unionid.
func throughSecond(openID, unionID string) []testkit.Header {
	return []testkit.Header{testkit.With("X-WX-SOURCE", "wx_client"), testkit.With("X-WX-APPID", shops[0]),
		testkit.With("X-WX-FROM-APPID", shops[1]), testkit.With("X-WX-FROM-OPENID", openID), testkit.With("X-WX-FROM-UNIONID", unionID)}
}

func TestCloudRunUnionIDLinks(t *testing.T) {
	onFamily(t, func(t *testing.T, w operated) {
		first := w.through(t, 0, "alice").Login(t)
		open, union, err := w.wechat.Identity(shops[1], "alice")
		must(t, err)
		got := w.Post(cloudRun, nil, throughSecond(open, union)...).Login(t)
		if got.User.ID != first.User.ID || got.NewUser {
			t.Errorf("through an app that shares the environment: got %+v, want %s", got, first.User.ID)
		}
		if second := w.through(t, 1, "alice").Login(t); second.User.ID != first.User.ID {
			t.Errorf("by a code: got %+v, want %s", second, first.User.ID)
		}
	}, sharing)
}

// Mallory's phone sends alice's unionid, and says that it comes through another app.
func TestT26_UnionIDThatAPhoneSendsLinksNobody(t *testing.T) {
	onFamily(t, func(t *testing.T, w operated) {
		alice := w.through(t, 0, "alice").Login(t)
		open, union, err := w.wechat.Identity(shops[1], "mallory")
		must(t, err)
		_, alices, err := w.wechat.Identity(shops[1], "alice")
		must(t, err)
		wantStatus(t, "an app it is not shared with", w.Post(cloudRun, nil, throughSecond(open, alices)...), 400, "invalid_request")
		direct := func(union string) testkit.Login {
			return w.Post(cloudRun, nil, testkit.With("X-WX-SOURCE", "wx_client"), testkit.With("X-WX-APPID", shops[1]),
				testkit.With("X-WX-OPENID", open), testkit.With("X-WX-UNIONID", union)).Login(t)
		}
		mallory := direct(alices)
		if mallory.User.ID == alice.User.ID || !mallory.NewUser || mallory.User.UnionLinked {
			t.Errorf("got %+v, want a user of no unionid, not %s", mallory.User, alice.User.ID)
		}
		if byCode := w.through(t, 1, "mallory").Login(t); byCode.User.ID != mallory.User.ID || !byCode.User.UnionLinked {
			t.Errorf("by a code: got %+v, want %s with the unionid %s", byCode.User, mallory.User.ID, union)
		}
		if again := direct(alices); again.User.ID != mallory.User.ID || !again.User.UnionLinked {
			t.Errorf("after it: got %+v, want %s with a unionid", again.User, mallory.User.ID)
		}
		if other := w.through(t, 0, "mallory").Login(t); other.User.ID != mallory.User.ID {
			t.Errorf("through another app: got %+v, want %s", other.User, mallory.User.ID)
		}
		if again := w.through(t, 1, "alice").Login(t); again.User.ID != alice.User.ID {
			t.Errorf("alice: got %+v, want %s", again.User, alice.User.ID)
		}
	}, inCloudRun(here))
}

func TestCloudRunRefusesWhomItMay(t *testing.T) {
	w := inMemory(t, inCloudRun(here))
	stranger := append(w.named(t, "", "alice"), testkit.With("X-WX-APPID", "wxsomebodyelses1"))
	wantStatus(t, "another app", w.Post(cloudRun, nil, stranger...), 400, "unknown_app")
	wantStatus(t, "with a code", w.Post(cloudRun, map[string]string{"code": w.code(t, "alice")}, w.named(t, "", "alice")...), 400, "invalid_request")
	wantStatus(t, "nobody", w.Post(cloudRun, nil), 400, "invalid_request")
	if calls := w.wechat.Calls(); len(calls) != 0 {
		t.Errorf("got %d calls to WeChat, want none", len(calls))
	}
	long := append(w.named(t, "", "alice"), testkit.With("X-WX-OPENID", strings.Repeat("o", 32<<10)))
	if a := w.Post(cloudRun, nil, long...); a.Status != http.StatusRequestHeaderFieldsTooLarge && a.Err == nil {
		t.Errorf("headers too long: got %d, want 431", a.Status)
	}
}
