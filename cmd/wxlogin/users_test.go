package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// showing knows one user.
type showing struct {
	ports.InspectUsersUseCase
	user domain.WeChatUser
}

func (s showing) User(context.Context, domain.UserID) (domain.WeChatUser, error) { return s.user, nil }

func TestOperatorSeesWhoNeverLoggedInHere(t *testing.T) {
	at := time.Date(2018, 3, 4, 5, 6, 7, 0, time.UTC)
	user := domain.WeChatUser{ID: "u1", CreatedAt: at, LastLoginAt: at.Add(time.Hour)}
	for first, want := range map[time.Time]string{
		{}:                  " created=2018-03-04T05:06:07Z first_login=never last_login=2018-03-04T06:06:07Z ",
		at.Add(time.Minute): " created=2018-03-04T05:06:07Z first_login=2018-03-04T05:07:07Z last_login=2018-03-04T06:06:07Z ",
	} {
		user.FirstLoginAt = first
		var out strings.Builder
		if err := showUser(t.Context(), showing{user: user}, &out, []string{"u1"}); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("got %s and %v, want %s in it", out.String(), err, want)
		}
	}
}
