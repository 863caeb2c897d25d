package application_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
)

var longAgo = time.Date(2018, 3, 4, 5, 6, 7, 0, time.UTC)

// founded makes the world one in which people of long ago were imported into the first
// app. Their IDs go before all others, if age decides.
func (w *world) founded(t *testing.T, openIDs ...domain.OpenID) map[domain.OpenID]domain.WeChatUser {
	t.Helper()
	users, people := memory.NewUserRepository(), map[domain.OpenID]domain.WeChatUser{}
	w.users, w.profiles, w.deletions = users, memory.NewProfileRepository(users), memory.NewDeletionRepository(users)
	for _, openID := range openIDs {
		people[openID] = w.imported(t, openID)
	}
	return people
}

// imported is a person of long ago whom an import has just made in the first app.
func (w *world) imported(t *testing.T, openID domain.OpenID) domain.WeChatUser {
	t.Helper()
	who := domain.FormerUser{OpenID: openID, CreatedAt: longAgo, SeenAt: longAgo}
	user, _ := who.User(domain.UserID("0-imported-"+openID), appA, w.clock.now)
	imports := memory.NewImportRepository(w.users.(*memory.UserRepository))
	if stored, err := imports.Import(t.Context(), user); !stored || err != nil {
		t.Fatalf("Import: got %t and %v, want it stored", stored, err)
	}
	return user
}

func newVillage(t *testing.T, openIDs ...domain.OpenID) (*world, map[domain.OpenID]domain.WeChatUser) {
	t.Helper()
	w := newTown()
	return w, w.founded(t, openIDs...)
}

// Who has an ID that is in use keeps it. Of the visits the first part of what is
// said is the identity: x and y were imported.
func TestImportedUserTakesNobodysID(t *testing.T) {
	tests := []struct {
		name  string
		stops []stop
		stays string
	}{
		{"has never logged in", []stop{{appB, "l u"}, {appA, "x u"}}, "l"},
		{"who is here learns the UnionID later", []stop{{appB, "l"}, {appA, "x u"}, {appB, "l u"}}, "l"},
		{"who was imported learns it later", []stop{{appB, "l u"}, {appA, "x"}, {appA, "x u"}}, "l"},
		{"has logged in before", []stop{{appA, "x u"}, {appB, "l u"}}, "x"},
		{"has logged in before, and learns it later", []stop{{appA, "x"}, {appB, "l u"}, {appA, "x u"}}, "x"},
		{"both were imported", []stop{{appA, "y u"}, {appA, "x u"}}, "y"},
		{"two join who is here", []stop{{appB, "l u"}, {appA, "y u"}, {appA, "x u"}}, "l"},
		{"the first of three was here between", []stop{{appA, "y"}, {appB, "l"}, {appA, "x u"}, {appB, "l u"}, {appA, "y u"}}, "y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := newVillage(t, "x", "y")
			logins, apps := map[string]ports.Login{}, map[string]domain.AppID{}
			for _, s := range tt.stops {
				who, _, _ := strings.Cut(s.says, " ")
				login := w.come(t, s.app, s.says)
				if _, again := logins[who]; !again {
					logins[who], apps[who] = login, s.app
				}
			}
			parts := []domain.WeChatUser{w.part(t, apps[tt.stays], domain.OpenID(tt.stays))}
			for who, app := range apps {
				if who != tt.stays {
					parts = append(parts, w.part(t, app, domain.OpenID(who)))
				}
			}
			w.wantOne(t, parts...)
			w.wantLive(t, logins[tt.stays])
			w.wantClaim(t, "u", parts[0].ID, false)
			if got := w.found(t, parts[0].ID); !got.CreatedAt.Equal(longAgo) {
				t.Errorf("got made at %v, want %v, as the other service said", got.CreatedAt, longAgo)
			}
		})
	}
}

// Whom an operator links into one who never logged in goes on there: from then on
// that ID is in use.
func TestOperatorsLinkIntoAnImportedUserStays(t *testing.T) {
	w, people := newVillage(t, "x")
	live, other := w.come(t, appB, "l u").User, w.come(t, appC, "m").User
	w.link(t, live.ID, people["x"].ID)
	w.wantOne(t, people["x"], live)
	w.come(t, appC, "m u")
	w.come(t, appA, "x u")
	w.come(t, appB, "n u")
	w.wantOne(t, people["x"], live, other, w.part(t, appB, "n"))
}

// The user is older than the login since one of long ago has joined, as has one who
// came at the same time by another app.
func TestRepeatedLoginSaysWhetherItMadeTheUserWhomOthersJoined(t *testing.T) {
	w, people := newVillage(t, "x")
	made, joined := visit(appB, "l u"), visit(appC, "m u")
	made.IdempotencyKey, joined.IdempotencyKey = domain.NewSecret("key-of-16-letters"), domain.NewSecret("another-key-of-16")
	first := []ports.Login{w.login(t, made), w.login(t, joined)}
	w.come(t, appA, "x u")
	w.wantOne(t, first[0].User, w.part(t, appC, "m"), people["x"])
	w.wechat = exchanging(func(domain.AppID, domain.Secret) (ports.CodeExchange, error) {
		return ports.CodeExchange{}, domain.ErrCodeUsed
	})
	for i, again := range []ports.Login{w.login(t, made), w.login(t, joined)} {
		if want := i == 0; first[i].NewUser != want || again.NewUser != want || again.Session.ID != first[i].Session.ID {
			t.Errorf("%d: got new %t, then %t of session %s, want %t of %s", i, first[i].NewUser, again.NewUser, again.Session.ID, want, first[i].Session.ID)
		}
	}
}

func TestImportedUserCanBeTakenApart(t *testing.T) {
	w, people := newVillage(t, "x")
	live := w.come(t, appB, "l u").User
	w.come(t, appA, "x u")
	w.unlink(t, live.ID, people["x"].ID)
	w.wantTwo(t, live, people["x"])
	w.wantLive(t, w.come(t, appA, "x u"))
	w.wantLive(t, w.come(t, appB, "l u"))
	w.wantTwo(t, live, people["x"])
	if got := w.found(t, live.ID); !got.CreatedAt.Equal(live.CreatedAt) {
		t.Errorf("got made at %v, want %v again", got.CreatedAt, live.CreatedAt)
	}
}

func TestJoiningOneWhoIsHereIsMended(t *testing.T) {
	var live ports.Login
	chore{
		name: "who was imported comes", calls: []string{"RecordLogin", "ClaimUnion", "Find", "Assign", "FindLiveOf", "Record", "Append", "Save"},
		ready: func(t *testing.T, w *world) {
			w.founded(t, "x")
			live = w.come(t, appB, "l u")
			w.clock.now = w.clock.now.Add(minute)
		},
		act: comes(appA, "x u"),
		holds: func(t *testing.T, w *world) {
			w.wantOne(t, live.User, w.part(t, appA, "x"))
			w.wantClaim(t, "u", live.User.ID, false)
			w.wantLive(t, live)
		},
	}.mustBeMended(t)
}

func TestLoginsOfImportedUsersThatInterruptEachOtherConverge(t *testing.T) {
	tests := []struct {
		ready         []stop
		first, second stop
		stays         string // empty: whoever
	}{
		{[]stop{{appB, "l"}}, stop{appA, "x u"}, stop{appB, "l u"}, "l"},
		{[]stop{{appB, "l"}}, stop{appB, "l u"}, stop{appA, "x u"}, "l"},
		{[]stop{{appB, "l u"}}, stop{appA, "x u"}, stop{appA, "x u"}, "l"},
		{[]stop{{appB, "l u"}}, stop{appA, "x u"}, stop{appA, "y u"}, "l"},
		{nil, stop{appA, "x u"}, stop{appB, "l u"}, ""},
		{nil, stop{appA, "x u"}, stop{appA, "y u"}, ""},
	}
	for i, tt := range tests {
		for calls := range 25 {
			w, _ := newVillage(t, "x", "y")
			people := map[domain.OpenID]domain.AppID{}
			for _, s := range tt.ready {
				w.come(t, s.app, s.says)
			}
			w.interrupted(calls, func() { w.come(t, tt.second.app, tt.second.says) }).come(t, tt.first.app, tt.first.says)
			for _, s := range append(tt.ready, tt.second, tt.first) {
				open, _, _ := strings.Cut(s.says, " ")
				people[domain.OpenID(open)] = s.app
				w.come(t, s.app, open+" u")
			}
			w.wantConverged(t, people)
			if l := w.part(t, tt.first.app, domain.OpenID(tt.first.says[:1])); tt.stays != "" && l.ID != w.part(t, appB, "l").Original() {
				t.Errorf("got user %s, want the one who was here", l.ID)
			}
			if t.Failed() {
				t.Fatal(fmt.Sprint("case ", i, ", interrupted after ", calls, " calls"))
			}
		}
	}
}
