package application_test

import (
	"errors"
	"fmt"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func TestBanKeepsAUserOutUntilItIsLifted(t *testing.T) {
	w := newWorld()
	id := w.login(t, withCode("key-1")).User.ID
	uc := w.banUseCase()
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
	if _, err := w.banUseCase().Ban(t.Context(), known); err != nil {
		t.Fatalf("Ban: got %v, want no error", err)
	}
	failing := contract.FailBefore(t, "SetBan").Users(w.users)
	tests := []struct {
		name string
		uc   *application.BanUseCase
		id   domain.UserID
		want error
	}{
		{"nobody has the id", w.banUseCase(), "nobody", domain.ErrNotFound},
		{"the store fails", application.NewBanUseCase(failing, w.ender(), w.recorder(), w.clock), known, domain.ErrStoreUnavailable},
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

func TestRTOK6_BanEndsEverySessionForGood(t *testing.T) {
	const many = 450 // more than a store lists at once
	w := newWorld()
	old := w.login(t, compat("key-0")) // the oldest, with a token of a day
	all := []*phone{w.holding(old)}
	for _, n := range []int{0, many} {
		for i := range n {
			all = append(all, w.phone(t, fmt.Sprintf("device-1%03d", i)))
		}
		all = append(all, w.phone(t, "device-01"))
		p := all[len(all)-1]
		w.events.told()
		if _, err := w.banUseCase().Ban(t.Context(), p.user); err != nil {
			t.Fatalf("Ban: got %v, want no error", err)
		}
		if told := w.events.told(); len(told) != 1 || told[0] != (domain.Event{Name: domain.EventUserBanned, UserID: p.user, AppID: theApp}) {
			t.Errorf("got events %+v, want the ban alone", told)
		}
		for _, p := range all {
			p.mustBeRevoked(t)
		}
		if _, err := w.banUseCase().Unban(t.Context(), p.user); err != nil {
			t.Fatalf("Unban: got %v, want no error", err)
		}
		for _, p := range all { // nothing from before the ban comes back
			p.mustBeOver(t)
		}
	}
	if told := w.events.told(); len(told) == 0 || told[0] != (domain.Event{Name: domain.EventUserUnbanned, UserID: old.User.ID, AppID: theApp}) {
		t.Errorf("got events %+v, want the end of the ban first", told)
	}
	w.wantAudit(t, old.User.ID, domain.AuditBanned, domain.AuditUnbanned)
}
