package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wxlogin/domain"
)

const grey = "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132"

func TestProfileKeepsOnlyWhatSaysSomething(t *testing.T) {
	const face = "https://thirdwx.qlogo.cn/mmopen/vi_32/abc/132"
	p := func(nickname, avatar string) domain.Profile {
		return domain.Profile{Nickname: nickname, AvatarURL: avatar}
	}
	tests := []struct {
		name string
		give domain.Profile
		want domain.Profile
	}{
		{"nothing", p("", ""), p("", "")},
		{"a person", p("小明", face), p("小明", face)},
		{"an avatar over plain http", p("Band", "http://wx.qlogo.cn/mmopen/vi_32/a/0"), p("Band", "http://wx.qlogo.cn/mmopen/vi_32/a/0")},
		{"blanks around a name", p(" \t小明\u3000\n", face), p("小明", face)},
		{"joined emoji", p("👨\u200d👩\u200d👧", ""), p("👨\u200d👩\u200d👧", "")},
		{"the placeholder name", p("微信用户", face), p("", "")},
		{"the placeholder name in blanks", p(" 微信用户 ", face), p("", "")},
		{"a name that holds the placeholder", p("微信用户2", face), p("微信用户2", face)},
		{"the grey avatar", p("小明", grey), p("小明", "")},
		{"blanks alone", p(" \t\n\u3000\u00a0", " "), p("", "")},
		{"invisible characters alone", p("\u200b\u200d\ufeff", ""), p("", "")},
		{"a control character", p("a\x00b", face+"\x00"), p("", "")},
		{"a line break inside", p("a\nb", face+"\n"), p("", "")},
		{"DEL", p("a\x7fb", face+"\x7f"), p("", "")},
		{"a C1 control character", p("a\u0085b", face+"\u0085"), p("", "")},
		{"a line separator", p("a\u2028b", ""), p("", "")},
		{"a lone surrogate, as JSON decodes it", p("a\ufffdb", face+"\ufffd"), p("", "")},
		{"bytes that are no UTF-8", p("a\xffb", face+"\xff"), p("", "")},
		{"the longest name", p(strings.Repeat("n", 256), ""), p(strings.Repeat("n", 256), "")},
		{"a name that is too long", p(strings.Repeat("n", 257), face), p("", face)},
		{"the longest avatar", p("", pad(face, 1024)), p("", pad(face, 1024))},
		{"an avatar that is too long", p("n", pad(face, 1025)), p("n", "")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.give.Known()); diff != "" {
				t.Errorf("Known (-want +got):\n%s", diff)
			}
		})
	}
}

func pad(address string, length int) string {
	return address + strings.Repeat("x", length-len(address))
}

func TestAvatarIsAnAddressOnTheWeb(t *testing.T) {
	for _, give := range []string{
		"javascript:alert(1)", "JavaScript://x.example/%0aalert(1)", "data:image/png;base64,AAAA", "wxfile://tmp_0123.jpg",
		"http://tmp/0123.jpg", "http://usr/a.png", "file:///etc/passwd", "//x.example/a", "/a.png", "x.example/a.png",
		"https://", "https:x.example", "https://user:pw@x.example/a", "ftp://x.example/a", " https://x.example/a",
		"https://x.example/a b", `https://x.example/?"><script>`, "https://x.example/头像", "https://x.example/%zz", "https://localhost/a",
	} {
		if got := (domain.Profile{AvatarURL: give}).Known().AvatarURL; got != "" {
			t.Errorf("%q: got %q, want none", give, got)
		}
	}
}

func TestKnownProfileIsKnownAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := domain.Profile{Nickname: rapid.String().Draw(t, "nickname"), AvatarURL: rapid.String().Draw(t, "avatar")}.Known()
		if twice := once.Known(); twice != once {
			t.Fatalf("got %+v, want %+v", twice, once)
		}
	})
}

func TestFirstLoginMakesAUser(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	who := domain.WeChatIdentity{AppID: "wx1", OpenID: "o1", UnionID: "u1"}
	want := domain.WeChatUser{ID: "id1", Identity: who, Profile: domain.Profile{Nickname: "小明"}, NicknameAt: now, CreatedAt: now, FirstLoginAt: now, LastLoginAt: now}
	got := domain.NewWeChatUser("id1", who, domain.Profile{Nickname: "小明", AvatarURL: "wxfile://a.jpg"}, now)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("NewWeChatUser (-want +got):\n%s", diff)
	}
}

func TestBannedUserIsNotAdmitted(t *testing.T) {
	user := domain.WeChatUser{ID: "id1"}
	if err := user.Admit(); err != nil {
		t.Errorf("not banned: got %v, want no error", err)
	}
	user.BannedAt = time.Unix(0, 0)
	if err := user.Admit(); !errors.Is(err, domain.ErrUserBanned) {
		t.Errorf("banned: got %v, want %v", err, domain.ErrUserBanned)
	}
}

// anyIdentity draws identities that are easily mistaken for one another.
func anyIdentity(t *rapid.T, label string) domain.WeChatIdentity {
	return domain.WeChatIdentity{
		AppID:   domain.AppID(rapid.StringMatching(`[wx01]{1,3}`).Draw(t, label+" app")),
		OpenID:  domain.OpenID(rapid.StringMatching(`[wx01:@#]{1,5}`).Draw(t, label+" openid")),
		UnionID: domain.UnionID(rapid.StringMatching(`[u1]{0,2}`).Draw(t, label+" unionid")),
	}
}

func TestTwoIdentitiesNeverShareAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyIdentity(t, "a"), anyIdentity(t, "b")
		same := a.AppID == b.AppID && a.OpenID == b.OpenID // whatever the UnionID
		if got := a.Key() == b.Key(); got != same {
			t.Fatalf("keys of %+v and %+v: got equal %v, want %v", a, b, got, same)
		}
	})
}
