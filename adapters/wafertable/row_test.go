package wafertable_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// Whatever is wrong in a profile, the rest of it is read, and above all whose mini
// program it is of.
func TestProfilesAreReadAsFarAsTheyCanBe(t *testing.T) {
	const picture = "https://thirdwx.qlogo.cn/a"
	at := time.Unix(1500000100, 0).UTC()
	whole := domain.FormerUser{
		AppID: "wx1", UnionID: "union-1", Profile: domain.Profile{Nickname: "one", AvatarURL: picture}, NicknameAt: at, AvatarAt: at,
	}
	good := `{"openId":"o1","nickName":"one","avatarUrl":"` + picture + `","unionId":"union-1","watermark":{"timestamp":1500000100,"appid":"wx1"}}`
	with := func(old, now string) string { return strings.Replace(good, old, now, 1) }
	but := func(change func(*domain.FormerUser)) domain.FormerUser {
		user := whole
		change(&user)
		return user
	}
	dateless := but(func(u *domain.FormerUser) { u.NicknameAt, u.AvatarAt = time.Time{}, time.Time{} })
	nothing := domain.FormerUser{}
	whose := []domain.Flaw{domain.FlawUnionWhose}
	odd, text := []domain.Flaw{domain.FlawProfileType}, []domain.Flaw{domain.FlawProfileText}
	tests := map[string]struct {
		info  string
		want  domain.FormerUser
		flaws []domain.Flaw
	}{
		"as WeChat has it":                     {good, whole, nil},
		"more than that":                       {with(`{`, `{"gender":"1","city":null,"x":[{}],`), whole, nil},
		"a nickname of digits":                 {with(`"one"`, `7`), but(func(u *domain.FormerUser) { u.Profile.Nickname = "" }), odd},
		"no nickname":                          {with(`"one"`, `null`), but(func(u *domain.FormerUser) { u.Profile.Nickname = "" }), nil},
		"an avatar of no text, of another app": {strings.Replace(with(`"`+picture+`"`, `{}`), "wx1", "wx2", 1), but(func(u *domain.FormerUser) { u.AppID, u.Profile.AvatarURL = "wx2", "" }), odd},
		"a unionid of digits":                  {with(`"union-1"`, `12`), but(func(u *domain.FormerUser) { u.UnionID = "" }), odd},
		"no unionid":                           {with(`"union-1"`, `null`), but(func(u *domain.FormerUser) { u.UnionID = "" }), nil},
		"no openid":                            {with(`"openId":"o1",`, ``), but(func(u *domain.FormerUser) { u.UnionID = "" }), whose},
		"an openid of digits":                  {with(`"o1"`, `1`), but(func(u *domain.FormerUser) { u.UnionID = "" }), append(odd, whose...)},
		"neither openid nor unionid":           {strings.Replace(with(`"openId":"o1",`, ``), `"union-1"`, `""`, 1), but(func(u *domain.FormerUser) { u.UnionID = "" }), nil},
		"another's, elsewhere":                 {strings.Replace(with(`"o1"`, `"o2"`), "wx1", "wx2", 1), domain.FormerUser{AppID: "wx2"}, []domain.Flaw{domain.FlawProfileOther}},
		"a date in words":                      {with(`1500000100`, `"1500000100"`), whole, nil},
		"a date that is none":                  {with(`1500000100`, `"now"`), dateless, nil},
		"no date":                              {with(`1500000100`, `null`), dateless, nil},
		"an endless date":                      {with(`1500000100`, `1e999`), dateless, nil},
		"a watermark in words":                 {with(`{"timestamp":1500000100,"appid":"wx1"}`, `"wx1"`), but(func(u *domain.FormerUser) { *u = dateless; u.AppID = "" }), odd},
		"no watermark":                         {with(`{"timestamp":1500000100,"appid":"wx1"}`, `null`), but(func(u *domain.FormerUser) { *u = dateless; u.AppID = "" }), nil},
		"null":                                 {`null`, nothing, nil},
		"an array":                             {`[` + good + `]`, nothing, odd},
		"a text":                               {`"` + strings.ReplaceAll(good, `"`, `\"`) + `"`, nothing, odd},
		"cut off":                              {good[:len(good)-1], nothing, text},
		"two":                                  {good + good, nothing, text},
		"what JavaScript makes":                {`[object Object]`, nothing, text},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := tableOf(t, ", PRIMARY KEY (open_id)", []any{"o1", "id-1", 1500000000, 1500000500, tt.info})
			got := all(t, table, "")[0]
			tt.want.OpenID, tt.want.CreatedAt, tt.want.SeenAt = "o1", time.Unix(1500000000, 0).UTC(), time.Unix(1500000500, 0).UTC()
			if diff := cmp.Diff(tt.want, got.User) + cmp.Diff(tt.flaws, got.Flaws); diff != "" {
				t.Errorf("got another user or other flaws (-want +got):\n%s", diff)
			}
		})
	}
}
