package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wxlogin/domain"
)

var dawn = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// at is a time that is easily the same as another; 0 is none.
func at(t *rapid.T, label string) time.Time {
	n := rapid.IntRange(0, 4).Draw(t, label)
	if n == 0 {
		return time.Time{}
	}
	return dawn.Add(time.Duration(n) * time.Hour)
}

// anyParts draws what is stored with the identities of one user, of which the first
// login of one at most made the ID.
func anyParts(t *rapid.T) []domain.WeChatUser {
	parts := make([]domain.WeChatUser, rapid.IntRange(1, 5).Draw(t, "identities"))
	for i := range parts {
		n := string(rune('a' + i))
		u := domain.WeChatUser{
			ID: "id", Identity: domain.WeChatIdentity{AppID: "wx" + domain.AppID(n), OpenID: "o"}, Link: domain.Link{Several: true},
			CreatedAt: at(t, "created"), FirstLoginAt: at(t, "first login"), LastLoginAt: at(t, "last login"), BannedAt: at(t, "banned"), DeletionAt: at(t, "deletion"),
		}
		if i > 0 {
			u.Link.BornAs = domain.UserID("was " + n)
		}
		u.Profile.Nickname = rapid.SampledFrom([]string{"", "name " + n}).Draw(t, "nickname")
		u.Profile.AvatarURL = rapid.SampledFrom([]string{"", "url " + n}).Draw(t, "address")
		u.Avatar = rapid.SampledFrom([]domain.AvatarName{"", domain.AvatarName("picture " + n)}).Draw(t, "picture")
		u.NicknameAt, u.AvatarAt = at(t, "nickname learned"), at(t, "picture learned")
		if rapid.Bool().Draw(t, "phone") {
			u.Phone = domain.SealedPhone{Text: "phone " + n, At: at(t, "phone bound")}
		}
		parts[i] = u
	}
	return parts
}

func TestOneIdentityIsAllOfItsUser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := anyParts(t)[0]
		got := domain.Unite([]domain.WeChatUser{one})
		if diff := cmp.Diff(one, got); diff != "" {
			t.Fatalf("Unite (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]domain.WeChatUser{one}, got.All()); diff != "" {
			t.Fatalf("All (-want +got):\n%s", diff)
		}
	})
}

func TestIdentitiesAreOneUserInWhateverOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		before := slices.Clone(parts)
		want := domain.Unite(parts)
		if diff := cmp.Diff(before, parts); diff != "" {
			t.Fatalf("what was given has changed (-want +got):\n%s", diff)
		}
		if got := domain.Unite(rapid.Permutation(parts).Draw(t, "order")); !cmp.Equal(want, got) {
			t.Fatalf("Unite (-want +got):\n%s", cmp.Diff(want, got))
		}
		if want.Identity != parts[0].Identity || len(want.All()) != len(parts) {
			t.Fatalf("got %+v, want the identity that made the ID first", want)
		}
		if !cmp.Equal(want.All()[0], parts[0]) {
			t.Fatalf("got %+v, want what is stored with the first untouched", want.All()[0])
		}
		for i := 2; i < len(parts); i++ {
			if want.Others[i-1].CreatedAt.Before(want.Others[i-2].CreatedAt) {
				t.Fatalf("got %+v, want the others by age", want.Others)
			}
		}
	})
}

// firstOf is the earliest of a time of each of the parts, of which zero is none.
func firstOf(parts []domain.WeChatUser, of func(domain.WeChatUser) time.Time) (first time.Time) {
	for _, p := range parts {
		if at := of(p); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

func TestUserIsAsOldAsTheOldestIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		want := firstOf(parts, func(u domain.WeChatUser) time.Time { return u.CreatedAt })
		if got := domain.Unite(parts).CreatedAt; got != want {
			t.Fatalf("got made at %v, want %v", got, want)
		}
	})
}

// TestIDIsInUseSinceItsOwnIdentityCame: the others came under another ID. If the
// import made the ID, it is in use since the first of all came.
func TestIDIsInUseSinceItsOwnIdentityCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		want := parts[0].FirstLoginAt
		if parts[0].FirstLoginAt != parts[0].CreatedAt {
			want = firstOf(parts, func(u domain.WeChatUser) time.Time { return u.FirstLoginAt })
		}
		if got := domain.Unite(parts).FirstLoginAt; got != want {
			t.Fatalf("got in use since %v, want %v", got, want)
		}
	})
}

func TestBanAndDeletionOfOneAreEveryones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		var banned, leaving, seen time.Time
		for _, p := range parts {
			if !p.BannedAt.IsZero() && (banned.IsZero() || p.BannedAt.Before(banned)) {
				banned = p.BannedAt
			}
			if !p.DeletionAt.IsZero() && (leaving.IsZero() || p.DeletionAt.Before(leaving)) {
				leaving = p.DeletionAt
			}
			if p.LastLoginAt.After(seen) {
				seen = p.LastLoginAt
			}
		}
		got := domain.Unite(parts)
		if got.BannedAt != banned || got.DeletionAt != leaving || got.LastLoginAt != seen || (got.Admit() == nil) != banned.IsZero() {
			t.Fatalf("got %+v, want banned %v, leaving %v, seen %v", got, banned, leaving, seen)
		}
	})
}

func TestWhatWasLearnedLastCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := anyParts(t)
		got := domain.Unite(parts)
		for _, p := range parts {
			if p.Profile.Nickname != "" && (got.Profile.Nickname == "" || got.NicknameAt.Before(p.NicknameAt)) {
				t.Fatalf("got nickname %q of %v, want %q of %v or a later one", got.Profile.Nickname, got.NicknameAt, p.Profile.Nickname, p.NicknameAt)
			}
			if !p.Phone.Empty() && (got.Phone.Empty() || got.Phone.At.Before(p.Phone.At)) {
				t.Fatalf("got phone %+v, want %+v or a later one", got.Phone, p.Phone)
			}
			wantPicture(t, got, p)
		}
	})
}

// wantPicture holds got, a user, to what is known of its picture with an identity.
func wantPicture(t *rapid.T, got, part domain.WeChatUser) {
	t.Helper()
	switch {
	case part.Avatar != "" && (got.Avatar == "" || got.AvatarAt.Before(part.AvatarAt)):
		t.Fatalf("got picture %q of %v, want %q of %v or a later one", got.Avatar, got.AvatarAt, part.Avatar, part.AvatarAt)
	case part.Profile.AvatarURL != "" && got.Avatar == "" && (got.Profile.AvatarURL == "" || got.AvatarAt.Before(part.AvatarAt)):
		t.Fatalf("got address %q of %v, want %q of %v or a later one", got.Profile.AvatarURL, got.AvatarAt, part.Profile.AvatarURL, part.AvatarAt)
	}
}

func TestChosenPictureGoesBeforeWeChats(t *testing.T) {
	chosen := domain.WeChatUser{ID: "id", Identity: domain.WeChatIdentity{AppID: "a"}, Avatar: "picture", AvatarAt: dawn}
	wechats := domain.WeChatUser{
		ID: "id", Identity: domain.WeChatIdentity{AppID: "b"}, Profile: domain.Profile{AvatarURL: "url"}, AvatarAt: dawn.Add(time.Hour),
	}
	for _, born := range []struct{ chosen, wechats domain.UserID }{{"", "x"}, {"x", ""}} {
		chosen.Link.BornAs, wechats.Link.BornAs = born.chosen, born.wechats
		if got := domain.Unite([]domain.WeChatUser{chosen, wechats}); got.Avatar != "picture" || got.AvatarAt != dawn {
			t.Errorf("got picture %q of %v, want the one that was chosen", got.Avatar, got.AvatarAt)
		}
	}
}
