package contract_test

import (
	"errors"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

type clock struct{}

func (clock) Now() time.Time { return time.Now().UTC() }

var (
	now       = time.Now().UTC()
	who       = domain.WeChatIdentity{AppID: "wx0123456789abcdef", OpenID: "o1"}
	user      = domain.NewWeChatUser("u1", who, domain.Profile{}, now)
	lifetimes = domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour}
	session   = keyed(domain.StartSession("s1", user, domain.Device{ID: "device-1"}, lifetimes, now))
)

// faults are both kinds, with what each leaves in the store.
var faults = map[string]struct {
	aim      func(testing.TB, string) *contract.Fault
	wantDone bool
}{
	"before": {contract.FailBefore, false},
	"after":  {contract.FailAfter, true},
}

func TestFaultOfUsersFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewUserRepository()
			fault := tt.aim(t, "RecordLogin")
			users := fault.Users(healthy)
			got, created, err := users.RecordLogin(t.Context(), user)
			wantFailure(t, err)
			if created || got.ID != "" {
				t.Errorf("got %v, %t with the error, want nothing", got, created)
			}
			if _, err := users.Find(t.Context(), user.ID); (err == nil) != tt.wantDone {
				t.Errorf("Find, which is not sabotaged: got error %v, want the user stored: %t", err, tt.wantDone)
			}
			fault.Heal()
			if _, _, err := users.RecordLogin(t.Context(), user); err != nil {
				t.Errorf("RecordLogin after Heal: got %v, want no error", err)
			}
		})
	}
}

func TestFaultOfBanFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewUserRepository()
			if _, _, err := healthy.RecordLogin(t.Context(), user); err != nil {
				t.Fatal(err)
			}
			_, err := tt.aim(t, "SetBan").Users(healthy).SetBan(t.Context(), user.ID, now)
			wantFailure(t, err)
			if got, err := healthy.Find(t.Context(), user.ID); err != nil || got.BannedAt.IsZero() == tt.wantDone {
				t.Errorf("got banned at %v and error %v, want a ban: %t", got.BannedAt, err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfSessionsFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewSessionRepository(clock{})
			wantFailure(t, tt.aim(t, "Save").Sessions(healthy).Save(t.Context(), session))
			found, err := healthy.FindLiveOf(t.Context(), session.UserID, now)
			if err != nil || (len(found) == 1) != tt.wantDone {
				t.Errorf("got %d sessions and error %v, want it saved: %t", len(found), err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfDeleteFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy, _ := stored(t)
			wantFailure(t, tt.aim(t, "Delete").Sessions(healthy).Delete(t.Context(), user.ID, session.ID))
			found, err := healthy.FindLiveOf(t.Context(), session.UserID, now)
			if err != nil || (len(found) == 0) != tt.wantDone {
				t.Errorf("got %d sessions and error %v, want it removed: %t", len(found), err, tt.wantDone)
			}
		})
	}
}

func TestFaultAfterPassesOnARealFailure(t *testing.T) {
	var users ports.UserRepository = memory.NewUserRepository()
	_, err := contract.FailAfter(t, "Find").Users(users).Find(t.Context(), "nobody")
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("got %v, want %v", err, domain.ErrNotFound)
	}
}

// observer is a test that is watched: it collects what it is told.
type observer struct {
	testing.TB
	cleanup func()
	failed  bool
}

func (o *observer) Cleanup(fn func())     { o.cleanup = fn }
func (o *observer) Errorf(string, ...any) { o.failed = true }

func TestFaultThatNeverStrikesFailsItsTest(t *testing.T) {
	for method, wantFailed := range map[string]bool{"Save": false, "Sabe": true} {
		watched := &observer{TB: t}
		sessions := contract.FailBefore(watched, method).Sessions(memory.NewSessionRepository(clock{}))
		_ = sessions.Save(t.Context(), session) // fails or not: only the aim is looked at
		watched.cleanup()
		if watched.failed != wantFailed {
			t.Errorf("aimed at %s: got failed %t, want %t", method, watched.failed, wantFailed)
		}
	}
}

func wantFailure(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
	}
}

// keyed is s with a session_key.
func keyed(s domain.Session) domain.Session {
	s.Key = "k1.sealed"
	return s
}
