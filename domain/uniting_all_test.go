package domain_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wxlogin/domain"
)

// TestUniteAllLosesNobody: each ID gives the user that Unite makes of its
// identities, and they go by age, those of one age by ID.
func TestUniteAllLosesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []domain.WeChatUser
		want := make(map[domain.UserID]domain.WeChatUser)
		for n := range rapid.IntRange(0, 6).Draw(t, "users") {
			parts := anyParts(t)
			for i := range parts {
				parts[i].ID = domain.UserID(strconv.Itoa(n))
			}
			all, want[parts[0].ID] = append(all, parts...), domain.Unite(parts)
		}
		users := domain.UniteAll(rapid.Permutation(all).Draw(t, "order"))
		if len(users) != len(want) {
			t.Fatalf("%d users of %d", len(users), len(want))
		}
		for i, user := range users {
			if diff := cmp.Diff(want[user.ID], user); diff != "" {
				t.Fatalf("user %s (-want +got):\n%s", user.ID, diff)
			}
			if i == 0 {
				continue
			}
			last := users[i-1]
			if age := last.CreatedAt.Compare(user.CreatedAt); age > 0 || age == 0 && last.ID >= user.ID {
				t.Fatalf("%s of %v goes before %s of %v", last.ID, last.CreatedAt, user.ID, user.CreatedAt)
			}
		}
	})
}
