package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestSessionBelongsToItsUserAndDevice(t *testing.T) {
	user := domain.WeChatUser{ID: "u1", Identity: domain.WeChatIdentity{AppID: "wx1", OpenID: "o1", UnionID: "x"}}
	phone := domain.Device{ID: "device-01", Name: "iPhone 15", Platform: "ios"}
	want := domain.Session{
		ID: "s1", UserID: "u1", Identity: "wx1:o1", AppID: "wx1", Device: phone,
		CreatedAt: start, ExpiresAt: start.Add(time.Hour), AbsoluteAt: start.Add(9 * time.Hour),
	}
	l := domain.Lifetimes{Idle: time.Hour, Absolute: 9 * time.Hour, Deviceless: time.Minute}
	if diff := cmp.Diff(want, domain.StartSession("s1", user, phone, l, start)); diff != "" {
		t.Errorf("StartSession (-want +got):\n%s", diff)
	}
}

func TestSessionLivesAsLongAsItMay(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name                   string
		give                   domain.Lifetimes
		device                 string
		wantIdle, wantAbsolute time.Duration
	}{
		{"on a device", domain.Lifetimes{Idle: 30 * day, Absolute: 180 * day, Deviceless: day}, "device-01", 30 * day, 180 * day},
		{"without a device", domain.Lifetimes{Idle: 30 * day, Absolute: 180 * day, Deviceless: day}, "", day, day},
		{"without a device, short anyway", domain.Lifetimes{Idle: time.Hour, Absolute: 2 * time.Hour, Deviceless: day}, "", time.Hour, 2 * time.Hour},
		{"idle longer than absolute", domain.Lifetimes{Idle: 2 * day, Absolute: day, Deviceless: day}, "device-01", day, day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := domain.StartSession("s1", domain.WeChatUser{}, domain.Device{ID: tt.device}, tt.give, start)
			if got := s.ExpiresAt.Sub(start); got != tt.wantIdle {
				t.Errorf("unused: got %v, want %v", got, tt.wantIdle)
			}
			if got := s.AbsoluteAt.Sub(start); got != tt.wantAbsolute {
				t.Errorf("in use: got %v, want %v", got, tt.wantAbsolute)
			}
		})
	}
}

func TestSessionEndsAtTheFirstOfItsEnds(t *testing.T) {
	tests := []struct {
		name             string
		expire, absolute time.Duration
		want             bool
	}{
		{"both ahead", 1, 1, true},
		{"unused too long, to the instant", 0, 1, false},
		{"too old, to the instant", 1, 0, false},
		{"both past", -1, -1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := domain.Session{ExpiresAt: start.Add(tt.expire), AbsoluteAt: start.Add(tt.absolute)}
			if got := s.Live(start); got != tt.want {
				t.Errorf("Live: got %v, want %v", got, tt.want)
			}
		})
	}
}

// A slot is shared by the logins of one person on one device, and by no others.
func TestSlotIsOfOnePersonAndOneDevice(t *testing.T) {
	var all []domain.Session
	for _, identity := range []domain.IdentityKey{"wx1:o", "wx1:o#a", "wx1:o@a", "wx1:o@a#a"} {
		for _, id := range []domain.SessionID{"a", "b"} {
			for _, device := range []string{"", "a", "b"} {
				all = append(all, domain.Session{ID: id, Identity: identity, Device: domain.Device{ID: device}})
			}
		}
	}
	for _, a := range all {
		for _, b := range all {
			same := a.Identity == b.Identity && a.Device.ID == b.Device.ID && (a.Device.ID != "" || a.ID == b.ID)
			if got := a.Slot() == b.Slot(); got != same {
				t.Errorf("slots %q and %q: got equal %v, want %v", a.Slot(), b.Slot(), got, same)
			}
		}
	}
}
