package contract_test

import (
	"errors"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

// known is a store that holds the user, who has a phone number and is due to be
// erased.
func known(t *testing.T) *memory.UserRepository {
	t.Helper()
	users := memory.NewUserRepository()
	_, _, err := users.RecordLogin(t.Context(), user)
	phone := domain.ProfileChange{Phone: domain.SealedPhone{Text: "sealed", Index: "phone", At: now}}
	_, changed := memory.NewProfileRepository(users).ChangeProfile(t.Context(), who.Key(), phone)
	err = errors.Join(err, changed,
		memory.NewDeletionRepository(users).ScheduleDeletion(t.Context(), user.ID, now))
	if err != nil {
		t.Fatal(err)
	}
	return users
}

// account are the writes on what is known of a user, each with the fault in it and
// a way to see that it was done.
var account = map[string]struct {
	write func(*testing.T, *contract.Fault, *memory.UserRepository) error
	done  func(domain.WeChatUser) bool // who is empty where there is none
}{
	"Assign": {func(t *testing.T, f *contract.Fault, users *memory.UserRepository) error {
		return f.Users(users).Assign(t.Context(), who.Key(), "u1", "u2", domain.Link{Several: true})
	}, func(u domain.WeChatUser) bool { return u.ID == "u2" && u.Link.Several }},
	"ChangeProfile": {func(t *testing.T, f *contract.Fault, users *memory.UserRepository) error {
		_, err := f.Profiles(memory.NewProfileRepository(users)).ChangeProfile(t.Context(), who.Key(), domain.ProfileChange{Nickname: "new"})
		return err
	}, func(u domain.WeChatUser) bool { return u.Profile.Nickname == "new" }},
	"ClearProfile": {func(t *testing.T, f *contract.Fault, users *memory.UserRepository) error {
		return f.Profiles(memory.NewProfileRepository(users)).ClearProfile(t.Context(), who.Key(), domain.PhoneAttribute, time.Time{})
	}, func(u domain.WeChatUser) bool { return u.Phone.Empty() }},
	"ScheduleDeletion": {func(t *testing.T, f *contract.Fault, users *memory.UserRepository) error {
		return f.Deletions(memory.NewDeletionRepository(users)).ScheduleDeletion(t.Context(), user.ID, time.Time{})
	}, func(u domain.WeChatUser) bool { return u.DeletionAt.IsZero() }},
	"Erase": {func(t *testing.T, f *contract.Fault, users *memory.UserRepository) error {
		return f.Deletions(memory.NewDeletionRepository(users)).Erase(t.Context(), user.ID, now)
	}, func(u domain.WeChatUser) bool { return u.ID == "" }},
}

func TestFaultOfAccountWritesFailsAndDoesWhatItSays(t *testing.T) {
	for method, tried := range account {
		for name, tt := range faults {
			t.Run(method+" "+name, func(t *testing.T) {
				users := known(t)
				wantFailure(t, tried.write(t, tt.aim(t, method), users))
				got, _ := users.FindByIdentity(t.Context(), who.Key())
				if done := tried.done(got); done != tt.wantDone {
					t.Errorf("got %v afterwards, done: %t, want it done: %t", got, done, tt.wantDone)
				}
			})
		}
	}
}

func TestFaultOfImportsFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			users := memory.NewUserRepository()
			stored, err := tt.aim(t, "Import").Imports(memory.NewImportRepository(users)).Import(t.Context(), user)
			wantFailure(t, err)
			if stored {
				t.Error("got true with the error, want nothing")
			}
			if _, err := users.Find(t.Context(), user.ID); (err == nil) != tt.wantDone {
				t.Errorf("Find: got error %v, want the user stored: %t", err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfUnionsFailsAndDoesWhatItSays(t *testing.T) {
	first, next := domain.UnionClaim{Union: "a", UserID: "u1"}, domain.UnionClaim{Union: "a", UserID: "u2"}
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewUnionRepository()
			got, err := tt.aim(t, "ClaimUnion").Unions(healthy).ClaimUnion(t.Context(), first)
			wantFailure(t, err)
			if got != (domain.UnionClaim{}) {
				t.Errorf("got %v with the error, want nothing", got)
			}
			wantClaimed(t, healthy, next, map[bool]domain.UnionClaim{true: first, false: next}[tt.wantDone])

			there, _ := healthy.ClaimUnion(t.Context(), first)
			third := domain.UnionClaim{Union: "a", UserID: "u3"}
			done, err := tt.aim(t, "ReplaceUnion").Unions(healthy).ReplaceUnion(t.Context(), there, third)
			wantFailure(t, err)
			if done {
				t.Error("got true with the error, want false")
			}
			wantClaimed(t, healthy, first, map[bool]domain.UnionClaim{true: third, false: there}[tt.wantDone])

			there, _ = healthy.ClaimUnion(t.Context(), first)
			wantFailure(t, tt.aim(t, "ReleaseUnions").Unions(healthy).ReleaseUnions(t.Context(), there.UserID))
			fourth := domain.UnionClaim{Union: "a", UserID: "u4"}
			wantClaimed(t, healthy, fourth, map[bool]domain.UnionClaim{true: fourth, false: there}[tt.wantDone])
		})
	}
}

// wantClaimed claims, and wants this claim to stand.
func wantClaimed(t *testing.T, unions *memory.UnionRepository, claim, want domain.UnionClaim) {
	t.Helper()
	if got, err := unions.ClaimUnion(t.Context(), claim); err != nil || got != want {
		t.Errorf("got %v there and error %v, want %v", got, err, want)
	}
}

func TestFaultOfAuditFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy := memory.NewAuditLog()
			wantFailure(t, tt.aim(t, "Append").Audit(healthy).Append(t.Context(), domain.AuditEntry{ID: "e1", At: now}))
			found, err := healthy.FindEntries(t.Context(), "", 1)
			if err != nil || (len(found) == 1) != tt.wantDone {
				t.Errorf("got %d entries and error %v, want it appended: %t", len(found), err, tt.wantDone)
			}
		})
	}
}

func TestFaultOfSetKeyFailsAndDoesWhatItSays(t *testing.T) {
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			healthy, _ := stored(t)
			wantFailure(t, tt.aim(t, "SetKey").Sessions(healthy).SetKey(t.Context(), session, "other"))
			found, err := healthy.FindLiveOf(t.Context(), session.UserID, now)
			if err != nil || (found[0].Key == "other") != tt.wantDone {
				t.Errorf("got %v and error %v, want the key set: %t", found, err, tt.wantDone)
			}
		})
	}
}
