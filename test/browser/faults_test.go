package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"wxlogin/adapters/wechatsim"
)

func TestManyRequestsAtAColdStartAreOneLogin(t *testing.T) {
	p := open(t)
	p.tap("many")
	p.shows(".verdict", "1 login")
	p.shows(".more", "and 49 more like this")
	p.idle()
	p.shoot("fifty.png")
	if n := p.loginCalls(); n != 1 {
		t.Errorf("got %d logins of 50 requests at once, want 1", n)
	}
	p.tap("double")
	p.idle()
	if n := p.loginCalls(); n != 2 {
		t.Errorf("got %d logins after two taps at once, want one more", n)
	}
}

func TestATokenThatIsNoGoodIsRefreshedOnce(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("spoil")
	p.shows(".verdict", "One refresh")
	p.wants("GET /v1/me", "401 token_invalid", "POST /v1/token/refresh", "refreshes.Claim → claimed", "sessions.Renew → renewed", "200", "GET /v1/me", "200")
}

func TestALostAnswerIsTheSameSession(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("lose")
	p.shows(".verdict", "same session")
	p.shows(".row.lost", "the answer was lost on its way")
	p.wants("POST /v1/login", "200", "POST /v1/login", "errcode 40163", "sessions.FindByLogin → found", "200")
	p.shoot("lost-answer.png")
	p.until("there is one session", `document.querySelectorAll(".sessions li").length === 1`)
}

func TestFaultsOfWeChatAreToldAndPass(t *testing.T) {
	p := open(t)
	for _, fault := range []struct {
		name, toast string
		arrows      []string
	}{
		{"busy", "", []string{"POST /v1/login", "GET /sns/jscode2session", "errcode -1", "GET /sns/jscode2session", "openid", "200"}},
		{"slow", "", []string{"POST /v1/login", "GET /sns/jscode2session", "openid", "200"}},
		{"limit", "Too many tries", []string{"POST /v1/login", "errcode 45011", "429 rate_limited"}},
		{"block", "does not let this user", []string{"POST /v1/login", "errcode 40226", "403 login_blocked"}},
		{"late", "is not available", []string{"POST /v1/login", "connection reset", "503 platform_unavailable"}},
		{"hang", "is not available", []string{"POST /v1/login", "no answer", "503 platform_unavailable"}},
		{"down", "is not available", []string{"POST /v1/login", "errcode -1", "errcode -1", "503 platform_unavailable"}},
	} {
		p.tap("fault-" + fault.name)
		p.shows(".weather.ill", "WeChat is ill")
		if p.logged() {
			p.tap("again")
		} else {
			p.tap("login")
		}
		if fault.toast != "" {
			p.shows(".toast", fault.toast)
		}
		p.wants(fault.arrows...)
		if fault.name == "down" {
			p.shoot("fault.png")
		}
		p.mend()
	}
	p.tap("again")
	p.wants("wx.login()", "POST /v1/login", "200")
	p.shows(".sessions", "this phone")
}

// logged reports whether the phone in hand is logged in.
func (p *page) logged() bool {
	return get[bool](p, `!!document.querySelector('[data-do="logout"]')`)
}

// mend makes WeChat well, if it is not so by itself.
func (p *page) mend() {
	p.Helper()
	p.idle()
	p.until("WeChat is well", `document.querySelector('[data-do="mend"]')?.click() || document.querySelector(".weather.well")`)
	if faults := p.wechat.Faults(); len(faults) != 0 {
		p.Errorf("got %v, want a WeChat that is well", faults)
	}
}

func TestALostRefusalIsNoVerdict(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("fault-limit")
	p.shows(".weather.ill", "WeChat is ill")
	p.tap("lose")
	p.wants("POST /v1/login", "429 rate_limited", "POST /v1/login", "200")
	if got := get[string](p, `document.querySelector(".action .verdict")?.textContent ?? ""`); got != "" {
		t.Errorf("got the verdict %q of one answer", got)
	}
	p.away()
	p.tap("lose")
	p.shows(".toast", "Is it running?")
	p.back()
	p.tap("again")
	p.wants("POST /v1/login", "200")
	if get[bool](p, `!!document.querySelector(".action:not([hidden])").querySelector(".lost")`) {
		t.Error("an answer was lost that nobody meant to lose")
	}
}

func TestAServiceThatIsGoneIsNamed(t *testing.T) {
	p := open(t)
	p.away()
	p.tap("login")
	p.shows(".toast", "wxlogin dev does not answer. Is it running?")
	p.idle()
	p.tap("new-person")
	p.do(chromedp.SendKeys(chromedp.CSS("#new-name"), "Zoë"))
	p.until("the word is gone", `!document.querySelector(".toast div")`)
	p.tap("add-person")
	p.shows(".toast", "wxlogin dev does not answer. Is it running?")
	p.tap("cancel")
	p.back()
	p.login("alice")
	p.do(command(network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/playground/people", Block: true}}}))
	p.load()
	p.shows("#phone", "wxlogin dev does not answer. Is it running?")
}

func TestAColdStartIsTheSameDevice(t *testing.T) {
	p := open(t)
	for range 2 {
		p.tap("many")
		p.shows(".verdict", "1 login")
		p.idle()
	}
	if n := get[int](p, `document.querySelectorAll(".sessions li").length`); n != 1 {
		t.Errorf("got %d sessions of one phone", n)
	}
}

func TestTheLampSaysWhatIsWrong(t *testing.T) {
	p := open(t)
	p.tap("fault-busy")
	p.shows(".weather.ill", "Busy once")
	for want, fault := range map[string]wechatsim.Fault{
		"Broken off":    {Kind: "reset", Endpoint: "jscode2session", Late: true},
		"errcode 40001": {Kind: "errcode", ErrCode: 40001},
		"No answer":     {Kind: "hang", Endpoint: "jscode2session", Times: 3},
	} {
		p.wechat.ClearFaults()
		if err := p.wechat.SetFault(fault); err != nil {
			t.Fatal(err)
		}
		p.load()
		p.shows(".weather.ill", want)
	}
}

// away keeps all requests from leaving, as if the service were gone.
func (p *page) away() {
	get[bool](p, `(window.reach = window.fetch, window.fetch = () => Promise.reject(new TypeError("Failed to fetch")), true)`)
}

// back lets them leave again.
func (p *page) back() { get[bool](p, `(window.fetch = window.reach, true)`) }
