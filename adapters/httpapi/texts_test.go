package httpapi_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"wxlogin/domain"
)

func TestTitlesAreInTheLanguageThatTheClientPrefers(t *testing.T) {
	s := build(world{})
	const english, chinese = "There is no such thing here", "资源不存在"
	for accept, want := range map[string]string{
		"":                              english,
		"en":                            english,
		"en-US,en;q=0.9":                english,
		"en-US,en;q=0.9,zh-CN;q=0.8":    english,
		"fr":                            english,
		"*":                             english,
		"nonsense;;q=,":                 english,
		strings.Repeat("a-", 2000):      english,
		"zh":                            chinese,
		"zh-CN":                         chinese,
		"zh_CN":                         chinese,
		"zh-CN,zh;q=0.9,en;q=0.8":       chinese,
		"zh-Hans-CN":                    chinese,
		"zh-TW":                         chinese,
		"zh-HK,en;q=0.5":                chinese,
		"zh-Hant":                       chinese,
		"en;q=0.5,zh;q=0.9":             chinese,
		"fr,zh;q=0.5":                   chinese,
		"en;q=0,zh":                     chinese,
		"zh-CN,zh;q=0.9,en;q=0.8,*;q=0": chinese,
	} {
		if got := ask(t, s, get("/nothing", "Accept-Language", accept)).problem(t).Title; got != want {
			t.Errorf("Accept-Language %.40q: got %q, want %q", accept, got, want)
		}
	}
}

func TestTheTypeOfEveryProblemLeadsToItsPage(t *testing.T) {
	s := build(world{})
	for _, err := range everyError() {
		english := answerTo(err).problem(t)
		chinese := answerTo(err, "Accept-Language", "zh").problem(t)
		page := ask(t, s, get(english.Type))
		if kind := page.header.Get("Content-Type"); page.status != http.StatusOK || kind != "text/html; charset=utf-8" {
			t.Errorf("%s: got %d %s", english.Type, page.status, kind)
		}
		shown := html.UnescapeString(string(page.body))
		for _, text := range []string{english.Code, english.Title, english.Detail, chinese.Title, chinese.Detail} {
			if !strings.Contains(shown, text) {
				t.Errorf("%s does not say %q", english.Type, text)
			}
		}
	}
}

func TestThePageOfAMadeUpProblemShowsNothingOfIt(t *testing.T) {
	s := build(world{})
	for _, code := range []string{"%3Cscript%3Ealert(1)%3C%2Fscript%3E", "{{.Code}}", "INTERNAL", "internal%00", "internal%20"} {
		a := ask(t, s, get("/problems/"+code))
		if a.status != http.StatusNotFound || strings.Contains(string(a.body), "script") || a.problem(t).Type != "/problems/not_found" {
			t.Errorf("%s: got %d %s", code, a.status, a.body)
		}
	}
}

// details are what a detail has to speak of, in either language.
var details = []struct {
	err     error
	phrases []string
}{
	{domain.ErrPlatformUnavailable, []string{"send the same again", "for a login, call wx.login", "发送同样的请求", "如为登录"}},
	{domain.ErrTokenInvalid, []string{"Refresh it once", "log in again", "刷新令牌", "重新登录"}},
	{domain.ErrTokenExpired, []string{"Refresh it once", "log in again", "刷新令牌", "重新登录"}},
	{domain.ErrSessionRevoked, []string{"account was deleted", "Log in again", "a login takes it back", "账号已注销", "登录会恢复账号"}},
}

// A code is answered at several routes, and a client does as its detail says.
func TestDetailsSayWhatHelpsAtEveryRoute(t *testing.T) {
	for _, d := range details {
		said := answerTo(d.err).problem(t).Detail + answerTo(d.err, "Accept-Language", "zh").problem(t).Detail
		for _, phrase := range d.phrases {
			if !strings.Contains(said, phrase) {
				t.Errorf("%v: got %q, want %q in it", d.err, said, phrase)
			}
		}
	}
}
