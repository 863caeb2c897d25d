package browser

import "testing"

func TestLeavingCanBeTakenBack(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.tap("leave")
	p.tap("confirm")
	p.shows(".page", "Account deleted")
	p.wants("DELETE /v1/me", "users.ScheduleDeletion → scheduled", "202")
	p.shoot("left.png")
	p.load()
	p.shows(".page", "Account deleted")
	p.tap("come-back")
	p.shows(".pill", "your account is kept")
	p.wants("wx.login()", "POST /v1/login", "users.ScheduleDeletion → taken back", "200")
}

func TestLeavingIsAskedAgainWhereNoAnswerCame(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.tap("leave")
	p.away()
	p.tap("confirm")
	p.shows(".page", "It is not known yet whether the deletion arrived.")
	p.idle()
	p.back()
	p.tap("phone-b")
	p.tap("phone-a")
	p.shows(".page", "The data goes on")
	p.wants("DELETE /v1/me", "users.ScheduleDeletion → scheduled", "202")
}

func TestWhoseSessionHasEndedIsAskedToLogInBeforeLeaving(t *testing.T) {
	p := open(t)
	p.login("bob")
	get[bool](p, `(async () => {
		const { tokens } = JSON.parse(localStorage.getItem("wxlogin.playground.a.wxlogin"));
		return (await fetch("/v1/logout/all", { method: "POST", headers: { Authorization: "Bearer " + tokens.accessToken } })).ok;
	})()`)
	p.tap("leave")
	p.tap("confirm")
	p.shows(".toast", "The session has ended. Log in, then delete again.")
	p.tap("login")
	p.shows(".sessions", "this phone")
	p.tap("leave")
	p.tap("confirm")
	p.shows(".page", "The data goes on")
}

func TestWhoLeftOnAnotherPhoneIsTold(t *testing.T) {
	p := open(t)
	p.login("bob")
	p.shows(".pill", "first login")
	p.tap("phone-b")
	p.login("bob")
	for _, answer := range []string{"stay", "leave-again"} {
		p.tap("leave")
		p.tap("confirm")
		p.shows(".page", "Account deleted")
		p.tap("phone-a")
		p.shows(".sheet", "You deleted this account on another phone; logging in has taken that back.")
		p.shoot("taken-back.png")
		if got := get[string](p, `[...document.querySelectorAll(".pill")].map((pill) => pill.textContent).join()`); got != "welcome back: your account is kept" {
			t.Errorf("got the pills %q", got)
		}
		p.tap(answer)
		if answer == "stay" {
			p.tap("phone-b")
			p.tap("come-back")
			p.shows(".sessions", "this phone")
		}
	}
	p.shows(".page", "Account deleted")
}
