package contract_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

var (
	claim      = domain.RefreshClaim{Parent: "parent", Child: "child", Sealed: "sealed", EndsAt: now.Add(time.Hour)}
	revocation = domain.Revocation{SessionID: session.ID, At: now, Until: now.Add(time.Hour)}
)

// stored is a store that holds the session, which can be renewed.
func stored(t *testing.T) (*memory.SessionRepository, *memory.RefreshRepository) {
	t.Helper()
	sessions := memory.NewSessionRepository(clock{})
	s := session
	s.Family, s.Refresh, s.Retry.Key = "family", "parent", "login"
	if err := sessions.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return sessions, memory.NewRefreshRepository(sessions)
}

func TestFaultOfClaimFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			_, healthy := stored(t)
			got, err := tt.aim(t, "Claim").Refreshes(healthy).Claim(t.Context(), claim)
			wantFailure(t, err)
			if got != (domain.RefreshClaim{}) {
				t.Errorf("got %v with the error, want nothing", got)
			}
			if _, err := healthy.FindClaim(t.Context(), claim.Parent); errors.Is(err, domain.ErrNotFound) == tt.wantDone {
				t.Errorf("FindClaim: got error %v, want the claim stored: %t", err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfRenewFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			_, healthy := stored(t)
			s := session.Renewed("child", lifetimes, now)
			got, err := tt.aim(t, "Renew").Refreshes(healthy).Renew(t.Context(), s, "parent")
			wantFailure(t, err)
			if got {
				t.Error("got true with the error, want false")
			}
			found, err := healthy.FindByFamily(t.Context(), "family", now)
			if err != nil || (found.Refresh == "child") != tt.wantDone {
				t.Errorf("got token %s and error %v, want it renewed: %t", found.Refresh, err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfRevocationsFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewRevocationLog(clock{})
			wantFailure(t, tt.aim(t, "Record").Revocations(healthy).Record(t.Context(), revocation))
			found, err := healthy.FindSince(t.Context(), now, now)
			if err != nil || (len(found) == 1) != tt.wantDone {
				t.Errorf("got %d revocations and error %v, want it recorded: %t", len(found), err, tt.wantDone)
			}
		})
	}
}

// reads are all that only look, each with the fault in it.
var reads = map[string]func(*testing.T, *contract.Fault) (any, error){
	"Find": func(t *testing.T, f *contract.Fault) (any, error) {
		users := memory.NewUserRepository()
		if _, _, err := users.RecordLogin(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		return f.Users(users).Find(t.Context(), user.ID)
	},
	"FindByIdentity": func(t *testing.T, f *contract.Fault) (any, error) {
		return f.Users(known(t)).FindByIdentity(t.Context(), who.Key())
	},
	"FindByPhone": func(t *testing.T, f *contract.Fault) (any, error) {
		return f.Profiles(memory.NewProfileRepository(known(t))).FindByPhone(t.Context(), "phone")
	},
	"FindDue": func(t *testing.T, f *contract.Fault) (any, error) {
		return f.Deletions(memory.NewDeletionRepository(known(t))).FindDue(t.Context(), now, 1)
	},
	"FindEntries": func(t *testing.T, f *contract.Fault) (any, error) {
		log := memory.NewAuditLog()
		if err := log.Append(t.Context(), domain.AuditEntry{ID: "e1", UserID: user.ID, At: now}); err != nil {
			t.Fatal(err)
		}
		return f.Audit(log).FindEntries(t.Context(), "", 1)
	},
	"FindLive": func(t *testing.T, f *contract.Fault) (any, error) {
		sessions, _ := stored(t)
		return f.Sessions(sessions).FindLive(t.Context(), session.Identity, now)
	},
	"FindLiveOf": func(t *testing.T, f *contract.Fault) (any, error) {
		sessions, _ := stored(t)
		return f.Sessions(sessions).FindLiveOf(t.Context(), user.ID, now)
	},
	"FindByFamily": func(t *testing.T, f *contract.Fault) (any, error) {
		_, refreshes := stored(t)
		return f.Refreshes(refreshes).FindByFamily(t.Context(), "family", now)
	},
	"FindByLogin": func(t *testing.T, f *contract.Fault) (any, error) {
		_, refreshes := stored(t)
		return f.Refreshes(refreshes).FindByLogin(t.Context(), "login", now)
	},
	"FindClaim": func(t *testing.T, f *contract.Fault) (any, error) {
		_, refreshes := stored(t)
		if _, err := refreshes.Claim(t.Context(), claim); err != nil {
			t.Fatal(err)
		}
		return f.Refreshes(refreshes).FindClaim(t.Context(), claim.Parent)
	},
	"FindSince": func(t *testing.T, f *contract.Fault) (any, error) {
		var log ports.RevocationLog = memory.NewRevocationLog(clock{})
		if err := log.Record(t.Context(), revocation); err != nil {
			t.Fatal(err)
		}
		return f.Revocations(log).FindSince(t.Context(), now, now)
	},
}

func TestFaultOfReadsReturnsNothing(t *testing.T) {
	for method, read := range reads {
		for name, tt := range faults {
			t.Run(method+" "+name, func(t *testing.T) {
				fault := tt.aim(t, method)
				got, err := read(t, fault)
				wantFailure(t, err)
				if !reflect.ValueOf(got).IsZero() {
					t.Errorf("got %v with the error, want nothing", got)
				}
				fault.Heal()
				if got, err = read(t, fault); err != nil || reflect.ValueOf(got).IsZero() {
					t.Errorf("after Heal: got %v and error %v, want what is there", got, err)
				}
			})
		}
	}
}
