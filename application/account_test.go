package application_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func TestMeIsTheCallersUser(t *testing.T) {
	w := newWorld()
	w.reader = opensUnder("key-1", ming)
	want := w.login(t, withOpenData(withCode("key-1"))).Account
	got, err := w.accountUseCase().Me(t.Context(), domain.Caller{UserID: want.User.ID})
	if diff := cmp.Diff(want, got, sameNumbers); diff != "" || err != nil {
		t.Errorf("got error %v, user (-want +got):\n%s", err, diff)
	}
}

func TestMeIsRefused(t *testing.T) {
	w := newWorld()
	banned := w.login(t, withCode("key-1")).User.ID
	if _, err := w.users.SetBan(t.Context(), banned, w.clock.now); err != nil {
		t.Fatalf("SetBan: got %v, want no error", err)
	}
	failing := newWorld()
	failing.users = contract.FailBefore(t, "Find").Users(failing.users)
	tests := []struct {
		name string
		uc   *application.AccountUseCase
		id   domain.UserID
		want error
	}{
		{"a banned user", w.accountUseCase(), banned, domain.ErrUserBanned},
		{"a token that outlived its user", w.accountUseCase(), "gone", domain.ErrTokenInvalid},
		{"a store that fails blames nobody", failing.accountUseCase(), banned, domain.ErrStoreUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.uc.Me(t.Context(), domain.Caller{UserID: tt.id})
			if !errors.Is(err, tt.want) || got.User.ID != "" {
				t.Errorf("got %+v and %v, want %v alone", got, err, tt.want)
			}
			if errors.Is(err, domain.ErrNotFound) {
				t.Errorf("got %v, want it not to be a 404", err)
			}
		})
	}
}
