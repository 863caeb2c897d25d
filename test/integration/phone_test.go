package integration

import (
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/test/testkit"
)

func (w world) phoneCode(t *testing.T, person string) string {
	t.Helper()
	code, err := w.wechat.PhoneCode("", person)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// calling gives a person a number.
func (w world) calling(t *testing.T, person, country, number string) {
	t.Helper()
	if _, err := w.wechat.PutPerson(wechatsim.Person{Name: person, CountryCode: country, Phone: number}); err != nil {
		t.Fatal(err)
	}
}

func (w world) bind(t *testing.T, login testkit.Login, code string) testkit.Answer {
	t.Helper()
	return w.Put("/v1/me/phone", login.AccessToken, map[string]string{"code": code})
}

func TestPhoneIsBoundByCodeAndShownMasked(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		login := w.login(t, "alice")
		for range 2 { // WeChat tells the country code as a text and as a number in turn
			if user := w.bind(t, login, w.phoneCode(t, "alice")).User(t); user.Phone != "135****6666" {
				t.Errorf("got %q, want it masked", user.Phone)
			}
		}
		w.calling(t, "alice", "852", "51234567")
		if user := w.bind(t, login, w.phoneCode(t, "alice")).User(t); user.Phone != "+852 ****4567" {
			t.Errorf("another number: got %q, want it in place of the first", user.Phone)
		}
		if again := w.login(t, "alice"); again.User.Phone != "+852 ****4567" {
			t.Errorf("at the next login: got %q", again.User.Phone)
		}
		wantStatus(t, "removing it", w.Delete("/v1/me/phone", login.AccessToken), 204, "")
		wantStatus(t, "removing none", w.Delete("/v1/me/phone", login.AccessToken), 204, "")
		if user := w.Get("/v1/me", login.AccessToken).User(t); user.Phone != "" {
			t.Errorf("after that: got %q, want none", user.Phone)
		}
	})
}

func TestPhoneComesWithALogin(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		body := map[string]any{"code": w.code(t, "alice"), "phoneCode": w.phoneCode(t, "alice")}
		if login := w.Post("/v1/login", body).Login(t); login.User.Phone != "135****6666" || len(login.Warnings) > 0 {
			t.Errorf("got %q with warnings %v", login.User.Phone, login.Warnings)
		}
		for name, tt := range map[string]struct {
			code  string
			fault *wechatsim.Fault
			want  string
		}{
			"a made-up code":      {"made-up", nil, "phone_code_invalid"},
			"the login's code":    {w.code(t, "alice"), nil, "phone_code_invalid"},
			"another's code":      {w.phoneCode(t, "bob"), nil, "phone_code_invalid"},
			"WeChat is down":      {w.phoneCode(t, "alice"), &wechatsim.Fault{Kind: "reset", Endpoint: "getuserphonenumber", Times: 1}, "platform_unavailable"},
			"its quota is spent":  {w.phoneCode(t, "alice"), &wechatsim.Fault{Kind: "errcode", ErrCode: 45011, Endpoint: "getuserphonenumber", Times: 1}, "rate_limited"},
			"it says nonsense":    {w.phoneCode(t, "alice"), &wechatsim.Fault{Kind: "array", Endpoint: "getuserphonenumber", Times: 1}, "platform_unavailable"},
			"its token is hidden": {w.phoneCode(t, "alice"), &wechatsim.Fault{Kind: "errcode", ErrCode: 48001, Endpoint: "getuserphonenumber", Times: 1}, "app_misconfigured"},
		} {
			if tt.fault != nil {
				if err := w.wechat.SetFault(*tt.fault); err != nil {
					t.Fatal(err)
				}
			}
			login := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice"), "phoneCode": tt.code}).Login(t)
			if len(login.Warnings) != 1 || login.Warnings[0].Code != tt.want || login.User.Phone != "135****6666" {
				t.Errorf("%s: got %+v and %q, want the warning %s and the old number", name, login.Warnings, login.User.Phone, tt.want)
			}
			w.wechat.ClearFaults()
		}
	})
}

func TestPhoneCodeThatIsNoneIsRefused(t *testing.T) { // T-24
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		used := w.phoneCode(t, "alice")
		w.bind(t, login, used).User(t)
		for what, code := range map[string]string{
			"used": used, "made up": "x", "another person's": w.phoneCode(t, "bob"), "a login's": w.code(t, "alice"),
		} {
			wantStatus(t, what, w.bind(t, login, code), 401, "phone_code_invalid")
		}
		for errcode, want := range map[int]struct {
			status int
			code   string
		}{
			-1: {503, "platform_unavailable"}, 45011: {429, "rate_limited"}, 45009: {429, "rate_limited"},
			40013: {503, "app_misconfigured"}, 48001: {503, "app_misconfigured"}, 99999: {503, "platform_unavailable"},
		} {
			fault := wechatsim.Fault{Kind: "errcode", ErrCode: errcode, Endpoint: "getuserphonenumber"}
			if err := w.wechat.SetFault(fault); err != nil {
				t.Fatal(err)
			}
			wantStatus(t, "errcode", w.bind(t, login, w.phoneCode(t, "alice")), want.status, want.code)
			w.wechat.ClearFaults()
		}
	})
}

func TestPhoneOfOldComesEncryptedAndReplacesNone(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.calling(t, "alice", "86", "13580006666")
		login := w.login(t, "alice")
		bind := func() testkit.Answer {
			return w.Put("/v1/me/phone", login.AccessToken, w.openData(t, "alice", "phone"))
		}
		for range 2 { // the same number again is no other
			if user := bind().User(t); user.Phone != "135****6666" {
				t.Errorf("got %q", user.Phone)
			}
		}
		w.calling(t, "alice", "86", "13580007777")
		wantStatus(t, "another number", bind(), 409, "phone_code_required")
		if user := w.bind(t, login, w.phoneCode(t, "alice")).User(t); user.Phone != "135****7777" {
			t.Errorf("by code: got %q, want the other number", user.Phone)
		}
		wantStatus(t, "a profile", w.Put("/v1/me/phone", login.AccessToken, map[string]string{
			"encryptedData": w.openData(t, "alice", "profile")["encryptedData"], "iv": "AAAAAAAAAAAAAAAAAAAAAA==",
		}), 409, "open_data_stale")
	})
}
