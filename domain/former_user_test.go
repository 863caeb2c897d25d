package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

var (
	importedAt = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	of2018     = time.Date(2018, 3, 4, 5, 6, 7, 0, time.UTC)
)

const picture = "https://thirdwx.qlogo.cn/a"

func TestNobodyIsMadeOfARecordThatIsNobodys(t *testing.T) {
	for openID, want := range map[domain.OpenID]domain.Flaw{
		"":                                      domain.FlawNoOpenID,
		"undefined":                             domain.FlawOpenID,
		"null":                                  domain.FlawOpenID,
		"o 1":                                   domain.FlawOpenID,
		"o\x00":                                 domain.FlawOpenID,
		"某人":                                    domain.FlawOpenID,
		domain.OpenID(strings.Repeat("o", 129)): domain.FlawOpenID,
		domain.OpenID(strings.Repeat("o", 128)): "",
		"oGZUI0egBJY1zhBYw2KhdUfwVJJE":          "",
		"o_-:$.{}":                              "",
	} {
		if got := (domain.FormerUser{OpenID: openID}).Refused("wx1"); got != want {
			t.Errorf("%q: got %q, want %q", openID, got, want)
		}
	}
	for app, want := range map[domain.AppID]domain.Flaw{"": "", "wx1": "", "wx2": domain.FlawOtherApp} {
		if got := (domain.FormerUser{OpenID: "o1", AppID: app}).Refused("wx1"); got != want {
			t.Errorf("of the app %q: got %q, want %q", app, got, want)
		}
	}
}

func TestWhatIsNotToBeBelievedOfAFormerUserIsLeftOut(t *testing.T) {
	good := domain.FormerUser{
		OpenID: "o1", UnionID: "union-1", Profile: domain.Profile{Nickname: "小明", AvatarURL: picture},
		NicknameAt: of2018, AvatarAt: of2018, CreatedAt: of2018, SeenAt: of2018.Add(time.Hour),
	}
	bare := func(u *domain.FormerUser) {
		u.Profile, u.NicknameAt, u.AvatarAt = domain.Profile{}, time.Time{}, time.Time{}
	}
	tests := map[string]struct {
		give, want func(*domain.FormerUser)
		flaws      []domain.Flaw
	}{
		"nothing": {func(*domain.FormerUser) {}, func(*domain.FormerUser) {}, nil},
		"placeholders": {
			func(u *domain.FormerUser) { u.Profile.Nickname = " 微信用户 " },
			bare,
			[]domain.Flaw{domain.FlawPlaceholder},
		},
		"a nickname of a column's length": {
			func(u *domain.FormerUser) { u.Profile.Nickname = strings.Repeat("n", 2048) },
			func(u *domain.FormerUser) { u.Profile.Nickname, u.NicknameAt = "", time.Time{} }, []domain.Flaw{domain.FlawNickname},
		},
		"an avatar on a phone": {
			func(u *domain.FormerUser) { u.Profile.AvatarURL = "wxfile://tmp" },
			func(u *domain.FormerUser) { u.Profile.AvatarURL, u.AvatarAt = "", time.Time{} }, []domain.Flaw{domain.FlawAvatar},
		},
		"both": {
			func(u *domain.FormerUser) { u.Profile = domain.Profile{Nickname: "\x00", AvatarURL: "x"} },
			bare,
			[]domain.Flaw{domain.FlawNickname, domain.FlawAvatar},
		},
		"dates in the future and of long ago": {
			func(u *domain.FormerUser) { u.CreatedAt, u.SeenAt = time.Unix(1, 0), importedAt.Add(time.Second) },
			func(u *domain.FormerUser) { u.CreatedAt, u.SeenAt = time.Time{}, time.Time{} },
			[]domain.Flaw{domain.FlawDate},
		},
		"the date of a profile": {
			func(u *domain.FormerUser) { u.NicknameAt, u.AvatarAt = importedAt.Add(time.Hour), time.Unix(1, 0) },
			func(u *domain.FormerUser) { u.NicknameAt, u.AvatarAt = time.Time{}, time.Time{} }, []domain.Flaw{domain.FlawDate},
		},
		"a unionid that is none": {
			func(u *domain.FormerUser) { u.UnionID = "undefined" },
			func(u *domain.FormerUser) { u.UnionID = "" }, []domain.Flaw{domain.FlawUnionID},
		},
		"no unionid": {
			func(u *domain.FormerUser) { u.UnionID = "" }, func(u *domain.FormerUser) { u.UnionID = "" }, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			give, want := good, good
			tt.give(&give)
			tt.want(&want)
			got, flaws := give.Checked(importedAt)
			if diff := cmp.Diff(want, got) + cmp.Diff(tt.flaws, flaws); diff != "" {
				t.Errorf("got another user or other flaws (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormerUserBecomesAUserOfThatTime(t *testing.T) {
	seen := of2018.Add(time.Hour)
	tests := map[string]struct {
		created, seen, wantCreated, wantLogin time.Time
		flaws                                 []domain.Flaw
	}{
		"both dates":                {of2018, seen, of2018, seen, nil},
		"made alone":                {of2018, time.Time{}, of2018, of2018, nil},
		"seen alone":                {time.Time{}, seen, seen, seen, nil},
		"seen before made":          {seen, of2018, of2018, of2018, nil},
		"neither: the import's own": {time.Time{}, time.Time{}, importedAt, importedAt, []domain.Flaw{domain.FlawNoDate}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			former := domain.FormerUser{
				OpenID: "o1", UnionID: "union-1", Profile: domain.Profile{Nickname: "n", AvatarURL: picture},
				NicknameAt: of2018, AvatarAt: seen, CreatedAt: tt.created, SeenAt: tt.seen,
			}
			want := domain.WeChatUser{
				ID: "u1", Identity: domain.WeChatIdentity{AppID: "wx1", OpenID: "o1", UnionID: "union-1"}, Profile: former.Profile,
				NicknameAt: of2018, AvatarAt: seen, CreatedAt: tt.wantCreated, LastLoginAt: tt.wantLogin,
			}
			got, flaws := former.User("u1", "wx1", importedAt)
			if diff := cmp.Diff(want, got) + cmp.Diff(tt.flaws, flaws); diff != "" {
				t.Errorf("got another user or other flaws (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecordsOfOnePersonAreMerged(t *testing.T) {
	older := domain.FormerUser{
		OpenID: "o1", UnionID: "union-old", Profile: domain.Profile{Nickname: "old", AvatarURL: picture},
		NicknameAt: of2018, AvatarAt: of2018, CreatedAt: of2018, SeenAt: of2018.Add(time.Minute),
	}
	newer := domain.FormerUser{
		AppID: "wx1", OpenID: "o1", Profile: domain.Profile{Nickname: "new"},
		NicknameAt: of2018.Add(time.Hour), CreatedAt: of2018.Add(time.Hour), SeenAt: of2018.Add(time.Hour),
	}
	want := domain.FormerUser{
		AppID: "wx1", OpenID: "o1", UnionID: "union-old", Profile: domain.Profile{Nickname: "new", AvatarURL: picture},
		NicknameAt: newer.NicknameAt, AvatarAt: of2018, CreatedAt: of2018, SeenAt: newer.SeenAt,
	}
	for name, got := range map[string]domain.FormerUser{"in order": older.Merge(newer), "out of order": newer.Merge(older)} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: got another (-want +got):\n%s", name, diff)
		}
	}
	timeless := domain.FormerUser{OpenID: "o1", Profile: domain.Profile{Nickname: "first"}}
	last := domain.FormerUser{OpenID: "o1", Profile: domain.Profile{Nickname: "last"}, CreatedAt: of2018}
	if got := timeless.Merge(last); got.Profile.Nickname != "last" || !got.CreatedAt.Equal(of2018) {
		t.Errorf("without dates: got %+v, want what was read last", got)
	}
	rebound := domain.FormerUser{OpenID: "o1", UnionID: "union-new", SeenAt: of2018.Add(time.Hour)}
	if one, two := older.Merge(rebound), rebound.Merge(older); one.UnionID != "union-new" || two.UnionID != "union-new" {
		t.Errorf("got the unionids %s and %s, want that of the last login", one.UnionID, two.UnionID)
	}
}

// A person of three records: only a nickname, then only an avatar, then a nickname
// that is between the two.
func TestNicknameAndAvatarAreMergedEachByItsOwnDate(t *testing.T) {
	at := func(hour int) time.Time { return of2018.Add(time.Duration(hour) * time.Hour) }
	records := []domain.FormerUser{
		{OpenID: "o1", Profile: domain.Profile{Nickname: "first"}, NicknameAt: at(1)},
		{OpenID: "o1", Profile: domain.Profile{AvatarURL: picture}, AvatarAt: at(3)},
		{OpenID: "o1", Profile: domain.Profile{Nickname: "second"}, NicknameAt: at(2)},
	}
	want := domain.FormerUser{
		OpenID: "o1", Profile: domain.Profile{Nickname: "second", AvatarURL: picture}, NicknameAt: at(2), AvatarAt: at(3),
	}
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		got := records[order[0]].Merge(records[order[1]]).Merge(records[order[2]])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in the order %v: got another (-want +got):\n%s", order, diff)
		}
	}
}
