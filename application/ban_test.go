package application_test

import (
	"errors"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func TestBanKeepsAUserOutUntilItIsLifted(t *testing.T) {
	w := newWorld()
	id := w.login(t, withCode("key-1")).User.ID
	uc := application.NewBanUseCase(w.users, w.clock)
	since := w.clock.now
	for range 2 { // twice keeps the first time
		got, err := uc.Ban(t.Context(), id)
		if err != nil || got.BannedAt != since {
			t.Fatalf("Ban: got %v and %v, want a ban since %v", got.BannedAt, err, since)
		}
		w.clock.now = w.clock.now.Add(minute)
	}
	got, err := w.loginUseCase().Login(t.Context(), withCode("key-2"))
	mustFailWith(t, got, err, domain.ErrUserBanned)
	for range 2 { // lifting it twice is no error
		if got, err := uc.Unban(t.Context(), id); err != nil || !got.BannedAt.IsZero() {
			t.Fatalf("Unban: got %v and %v, want no ban", got.BannedAt, err)
		}
	}
	if got := w.login(t, withCode("key-3")); got.User.ID != id {
		t.Errorf("got user %s, want %s back", got.User.ID, id)
	}
}

func TestBanFailsForItsReason(t *testing.T) {
	w := newWorld()
	known := w.login(t, withCode("key-1")).User.ID
	failing := contract.FailBefore(t, "SetBan").Users(w.users)
	tests := []struct {
		name string
		uc   *application.BanUseCase
		id   domain.UserID
		want error
	}{
		{"nobody has the id", application.NewBanUseCase(w.users, w.clock), "nobody", domain.ErrNotFound},
		{"the store fails", application.NewBanUseCase(failing, w.clock), known, domain.ErrStoreUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.uc.Ban(t.Context(), tt.id); !errors.Is(err, tt.want) {
				t.Errorf("Ban: got %v, want %v", err, tt.want)
			}
			if _, err := tt.uc.Unban(t.Context(), tt.id); !errors.Is(err, tt.want) {
				t.Errorf("Unban: got %v, want %v", err, tt.want)
			}
		})
	}
}
