package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wxlogin/domain"
)

const day = 24 * time.Hour

var usual = domain.Lifetimes{Idle: 30 * day, Absolute: 180 * day, Deviceless: day}

func onPhone(l domain.Lifetimes) domain.Session {
	user := domain.WeChatUser{ID: "u1", Identity: domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}}
	s := domain.StartSession("s1", user, domain.Device{ID: "device-01", Name: "iPhone 15"}, l, start)
	s.Family, s.Refresh, s.Key = "f1", "r1", "sealed"
	s.Retry = domain.LoginRetry{Key: "k1", Refresh: "sealed too"}
	return s
}

func TestRenewedSessionIsTheSameOneWithAnotherToken(t *testing.T) {
	s, now := onPhone(usual), start.Add(day)
	want := s
	want.Refresh, want.RotatedAt, want.Retry = "r2", now, domain.LoginRetry{}
	want.ExpiresAt = now.Add(30 * day)
	if diff := cmp.Diff(want, s.Renewed("r2", usual, now)); diff != "" {
		t.Errorf("Renewed (-want +got):\n%s", diff)
	}
}

func TestRenewedSessionLivesOnAndNeverBeyondItsEnd(t *testing.T) {
	tests := []struct {
		name       string
		device     string
		l          domain.Lifetimes // at the renewal: an operator may have changed them
		after      time.Duration
		wantExpire time.Duration // since the login
	}{
		{"at once", "device-01", usual, 0, 30 * day},
		{"after a while", "device-01", usual, 20 * day, 50 * day},
		{"the last time that counts in full", "device-01", usual, 150 * day, 180 * day},
		{"near its end", "device-01", usual, 179 * day, 180 * day},
		{"an instant before its end", "device-01", usual, 180*day - 1, 180 * day},
		{"without a device", "", usual, 12 * time.Hour, day},
		{"without a device, idle for less", "", domain.Lifetimes{Idle: time.Hour, Absolute: 180 * day, Deviceless: day}, 2 * time.Hour, 3 * time.Hour},
		{"the idle time was shortened", "device-01", domain.Lifetimes{Idle: day, Absolute: 180 * day, Deviceless: day}, 20 * day, 21 * day},
		{"the absolute time was lengthened", "device-01", domain.Lifetimes{Idle: 30 * day, Absolute: 999 * day, Deviceless: day}, 170 * day, 180 * day},
		{"the absolute time was shortened", "device-01", domain.Lifetimes{Idle: 30 * day, Absolute: day, Deviceless: day}, 20 * day, 50 * day},
		{"by a clock that was set back", "device-01", usual, -time.Hour, 30*day - time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := domain.StartSession("s1", domain.WeChatUser{}, domain.Device{ID: tt.device}, usual, start)
			got := s.Renewed("r2", tt.l, start.Add(tt.after))
			if d := got.ExpiresAt.Sub(start); d != tt.wantExpire {
				t.Errorf("expires: got %v after the login, want %v", d, tt.wantExpire)
			}
			if got.AbsoluteAt != s.AbsoluteAt {
				t.Errorf("absolute end: got %v, want %v as before", got.AbsoluteAt, s.AbsoluteAt)
			}
		})
	}
}

func TestNoNumberOfRenewalsMovesTheAbsoluteEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		device := rapid.SampledFrom([]string{"", "device-01"}).Draw(t, "device")
		s := domain.StartSession("s1", domain.WeChatUser{}, domain.Device{ID: device}, usual, start)
		end, now := s.AbsoluteAt, start
		for range rapid.IntRange(1, 30).Draw(t, "renewals") {
			now = now.Add(time.Duration(rapid.Int64Range(int64(-time.Hour), int64(20*day)).Draw(t, "step")))
			s = s.Renewed("r", usual, now)
			if s.AbsoluteAt != end || s.ExpiresAt.After(end) || s.ExpiresAt.Sub(now) > 30*day {
				t.Fatalf("at %v: got ends %v and %v, want at most %v", now, s.ExpiresAt, s.AbsoluteAt, end)
			}
		}
	})
}

func TestRevocationLastsAsLongAsAnyAccessToken(t *testing.T) {
	const access, skew = 15 * time.Minute, time.Minute
	tests := []struct {
		name  string
		s     domain.Session
		after time.Duration
		want  time.Duration // since the login
	}{
		{"a session that was just opened", onPhone(usual), 0, access + skew},
		{"a session in the middle of its life", onPhone(usual), 90 * day, 90*day + access + skew},
		{"a session that ends as its last token does", onPhone(usual), 180*day - access, 180*day + skew},
		{"a session near its end, whose tokens are shorter", onPhone(usual), 180*day - time.Minute, 180*day + skew},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := start.Add(tt.after)
			want := domain.Revocation{SessionID: "s1", At: now, Until: start.Add(tt.want)}
			if diff := cmp.Diff(want, tt.s.Revocation(now, access, skew)); diff != "" {
				t.Errorf("Revocation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServiceClientServesItsOwnAppsOnly(t *testing.T) {
	client := domain.ServiceClient{ID: "backend", Apps: []domain.AppID{"wx1", "wx2"}}
	for app, want := range map[domain.AppID]bool{"wx1": true, "wx2": true, "wx3": false, "wx": false, "WX1": false, "": false} {
		if got := client.Serves(app); got != want {
			t.Errorf("app %q: got %v, want %v", app, got, want)
		}
	}
	if (domain.ServiceClient{ID: "nobody's"}).Serves("") {
		t.Error("a client without apps: got it to serve the empty one")
	}
}

func TestOnlyAStolenTokenIsGrave(t *testing.T) {
	for _, name := range []domain.EventName{
		domain.EventRefreshed, domain.EventRefreshRepeated, domain.EventRefreshUnknown, domain.EventRefreshBanned, domain.EventLoginRetried,
		domain.EventSessionEnded, domain.EventSessionRevoked, domain.EventUserBanned, domain.EventUserUnbanned, domain.EventRefreshReused,
	} {
		if got, want := (domain.Event{Name: name}).Grave(), name == domain.EventRefreshReused; got != want {
			t.Errorf("%s: got grave %v, want %v", name, got, want)
		}
	}
}
