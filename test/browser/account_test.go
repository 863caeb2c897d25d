package browser

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestFirstLoginShowsEachStepOfTheWay(t *testing.T) {
	p := open(t)
	p.shows("#empty", "Log in with WeChat")
	p.tap("person-小红")
	p.tap("login")
	p.shows(".pill", "first login")
	p.wants("wx.login()", "code ", "POST /v1/login", "GET /sns/jscode2session", "openid, session_key",
		"users.RecordLogin → created", "sessions.Save → stored", "200")
	p.shows(".sessions", "this phone")
	p.shoot("first-login.png")
	p.tapRow("POST /v1/login")
	p.shows(".detail", "Idempotency-Key")
	p.shows(".detail", "X-Request-Id: play-")
	p.shows(".detail", `"sid"`)
	if secret := get[bool](p, `document.body.textContent.includes("session_key\"")`); secret {
		t.Error("a session_key is on the page")
	}
	p.shoot("details.png")
}

func TestReloadKeepsTheSession(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.load()
	p.shows(".nickname", "WeChat user")
	p.wants("GET /v1/me", "users.Find", "200")
	if n := p.loginCalls(); n != 1 {
		t.Errorf("got %d logins, want the one before the page was loaded again", n)
	}
}

func TestProfileTakesANameAndAPicture(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("profile")
	p.tap("picture-1")
	p.until("the picture is chosen", `document.querySelector('[data-do="picture-1"][aria-pressed="true"]')`)
	p.do(chromedp.SendKeys(chromedp.CSS("#nickname"), "爱丽丝 <b>A</b>"))
	p.shoot("sheet.png")
	p.tap("save")
	p.shows(".nickname", "爱丽丝 <b>A</b>")
	p.wants("POST /v1/me/avatar", "avatars.Put → stored", "users.ChangeProfile → stored", "200", "POST /v1/me", "users.ChangeProfile → stored", "200")
	p.until("the picture is shown", `document.querySelector(".me img")?.naturalWidth === 256`)
	p.until("the word is gone", `!document.querySelector(".toast div")`)
	p.shoot("profile.png")
}

func TestAFileThatIsNoPictureIsRefused(t *testing.T) {
	p := open(t)
	p.login("bob")
	path := filepath.Join(t.TempDir(), "holiday.png")
	if err := os.WriteFile(path, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.tap("profile")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	p.until("the file is chosen", `document.querySelector(".file[data-chosen]")`)
	p.tap("save")
	p.shows(".toast", "Not a JPEG")
	p.wants("POST /v1/me/avatar", "422 avatar_invalid")
	p.shows(".nickname", "WeChat user")
	if err := os.WriteFile(path, make([]byte, 2<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	p.tap("profile")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	p.until("the file is chosen", `document.querySelector(".file[data-chosen]")`)
	p.tap("save")
	p.shows(".toast", "The file is larger than 2 MiB.")
}

func TestAnEmptyNameIsRefused(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.tap("profile")
	p.tap("save")
	p.shows(".toast", "That cannot be a nickname")
	p.wants("POST /v1/me", "400 invalid_request")
}

func TestADraftIsOnePersons(t *testing.T) {
	p := open(t)
	p.login("alice")
	for _, away := range []string{"cancel", "Escape", "person"} {
		p.tap("profile")
		p.do(chromedp.SendKeys(chromedp.CSS("#nickname"), "Alice"))
		switch away {
		case "cancel":
			p.tap("cancel")
		case "Escape":
			p.do(chromedp.KeyEvent(kb.Escape))
		default:
			p.do(chromedp.KeyEvent(kb.Escape))
			p.tap("logout")
			p.login("bob")
		}
		p.tap("profile")
		if got := get[string](p, `document.querySelector("#nickname").value`); got != "" {
			t.Errorf("%s: got the draft %q again", away, got)
		}
		p.tap("cancel")
	}
}

func TestPhoneNumberIsThePersonsToGive(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("bind")
	p.shows(".sheet", "asks for your phone number")
	p.shoot("phone-number.png")
	p.tap("deny")
	p.shows(".toast", "No number given")
	p.shows(".verdict.failed", "phone_refused")
	p.shows(".phone-number", "not bound")
	p.tap("bind")
	p.tap("allow")
	p.until("the number is shown", `/^\d{3}\*{4}\d{4}$/.test(document.querySelector(".phone-number").textContent)`)
	p.wants("getPhoneNumber()", "PUT /v1/me/phone", "POST /cgi-bin/stable_token", "POST /wxa/business/getuserphonenumber", "phone number", "users.ChangeProfile", "200")
	p.tap("unbind")
	p.shows(".phone-number", "not bound")
}

func TestLogoutEverywhereReachesTheOtherPhone(t *testing.T) {
	p := open(t)
	p.login("小红")
	p.tap("phone-b")
	p.login("小红")
	p.shows(".sessions", "iPhone 16")
	p.shoot("two-phones.png")
	p.tap("logout-all")
	p.shows(".page", "Log in with WeChat")
	p.wants("POST /v1/logout/all", "revocations.Record", "sessions.Delete", "204")
	p.tap("phone-a")
	p.wants("GET /v1/me", "401 session_revoked", "POST /v1/token/refresh", "401 refresh_invalid", "wx.login()", "POST /v1/login", "200")
	p.shows(".sessions", "this phone")
}

func TestAPhoneCanEndTheOtherOnesSession(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.tap("phone-b")
	p.login("bob")
	p.until("there are two sessions", `document.querySelectorAll(".sessions li").length === 2`)
	p.until("the other one is ended", `document.querySelector('[data-do^="end-"]:not(:disabled)')?.click() || document.querySelectorAll(".sessions li").length === 1`)
	p.idle()
}

func TestASomebodyNewCanLogIn(t *testing.T) {
	p := open(t)
	p.tap("new-person")
	p.do(chromedp.SendKeys(chromedp.CSS("#new-name"), "Zoë"))
	p.tap("add-person")
	p.tap("login")
	p.shows(".pill", "first login")
	p.load()
	p.tap("logout")
	p.shows(".whose", "Zoë")
}
