package application_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Every use case of a user's own account, as far as it tells whether it failed.
var ownUseCases = map[string]func(context.Context, *world, domain.Caller) (any, error){
	"me": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.accountUseCase().Me(ctx, c)
	},
	"export": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.exportUseCase().Export(ctx, c)
	},
	"nickname": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.profileUseCase().SetNickname(ctx, c, "小明")
	},
	"profile": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.profileUseCase().SetProfile(ctx, c, wellFormed)
	},
	"avatar": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.avatarUseCase().SetAvatar(ctx, c, []byte("x"))
	},
	"phone": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.phoneUseCase().BindPhone(ctx, c, domain.NewSecret(hers))
	},
	"phone by data": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.phoneUseCase().BindPhoneByData(ctx, c, wellFormed)
	},
	"no phone": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return nil, w.phoneUseCase().RemovePhone(ctx, c)
	},
	"WeChat session": func(ctx context.Context, w *world, c domain.Caller) (any, error) {
		return w.weChatSessionUseCase().CheckWeChatSession(ctx, c)
	},
}

func TestOnlyWhoMayActActs(t *testing.T) {
	w := newTown()
	w.reader = reading(func(domain.Secret) (domain.Profile, error) { return domain.Profile{}, domain.ErrOpenDataInvalid })
	banned, left, gone := w.come(t, appA, "a "+canary+"1"), w.come(t, appA, "b "+canary+"2"), w.come(t, appA, "c "+canary+"3")
	w.ban(t, banned.User.ID)
	w.leave(t, left)
	w.policy.CoolingOff = 0
	w.leave(t, gone)
	before := len(w.audited(t, ""))
	for name, act := range ownUseCases {
		for login, want := range map[*ports.Login]error{&banned: domain.ErrUserBanned, &left: domain.ErrSessionRevoked, &gone: domain.ErrTokenInvalid} {
			got, err := act(t.Context(), w, callerOf(*login))
			if !errors.Is(err, want) || errors.Is(err, domain.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", name, err, want)
			}
			if account, ok := got.(ports.Account); ok && account.User.ID != "" {
				t.Errorf("%s: got %+v besides the error", name, got)
			}
			mustHide(t, name, err)
		}
	}
	if w.keys.asked+len(w.numbers.asked)+len(w.avatars.kept) != 0 || len(w.audited(t, "")) != before {
		t.Error("got something done for one who may not act")
	}
}

func TestOwnUseCasesBlameNobodyForTheStore(t *testing.T) {
	for name, act := range ownUseCases {
		c := chore{
			name: name, calls: []string{"Find"}, ready: func(t *testing.T, w *world) {
				w.come(t, appA, "a")
				w.reader = opensUnder("a", domain.Profile{Nickname: hers})
			},
			holds: func(*testing.T, *world) {},
		}
		c.act = func(ctx context.Context, w *world) error {
			part, err := w.users.FindByIdentity(ctx, domain.WeChatIdentity{AppID: appA, OpenID: "a"}.Key())
			if err != nil {
				return err
			}
			_, err = act(ctx, w, domain.Caller{UserID: part.ID, SessionID: w.live(t, "a")[0].ID, AppID: appA})
			return err
		}
		c.mustBeMended(t)
	}
}

func TestMeShowsThePhone(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.bind(t, appA, "a", hers)
	got, err := w.accountUseCase().Me(t.Context(), callerOf(login))
	if err != nil || got.Phone.Reveal() != hers {
		t.Errorf("got %q and %v, want %q", got.Phone.Reveal(), err, hers)
	}
	w.phones = forgetful{w.phones}
	got, err = w.accountUseCase().Me(t.Context(), callerOf(login))
	if err != nil || !got.Phone.Empty() {
		t.Errorf("sealed under a key that is gone: got %q and %v, want none", got.Phone.Reveal(), err)
	}
}

// forgetful is a sealer whose keys are gone.
type forgetful struct{ ports.PhoneSealer }

func (forgetful) OpenPhone(domain.SealedPhone) (domain.PhoneNumber, error) {
	return domain.PhoneNumber{}, errors.New("forgetful: no such key")
}

func TestExportHasAllThatIsStored(t *testing.T) {
	w := newTown()
	logins := several(t, w)
	now := w.come(t, appB, "b")
	w.bind(t, appB, "b", his)
	other := w.come(t, appC, "c") // is not in it
	got, err := w.exportUseCase().Export(t.Context(), callerOf(now))
	if err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	me, err := w.accountUseCase().Me(t.Context(), callerOf(now))
	if diff := cmp.Diff(me, got.Account, sameNumbers); diff != "" || err != nil {
		t.Errorf("got error %v, account (-want +got):\n%s", err, diff)
	}
	if len(got.Identities) != 2 || got.Identities[0].Phone.Reveal() != hers || got.Identities[1].Phone.Reveal() != his ||
		got.Identities[0].User.Identity.OpenID != "a" || got.Identities[1].User.Identity.OpenID != "b" {
		t.Errorf("got identities %+v, want both, each with its number", got.Identities)
	}
	if string(got.Avatar) != "made of "+canary || got.At != w.clock.now {
		t.Errorf("got picture %q at %v, want it as it is stored", got.Avatar, got.At)
	}
	live, err := w.sessions.FindLiveOf(t.Context(), logins[0].User.ID, w.clock.now)
	if diff := cmp.Diff(live, got.Sessions); diff != "" || err != nil || len(live) == 0 {
		t.Errorf("got error %v, sessions (-want +got):\n%s", err, diff)
	}
	// The one that she was before has lines, too, of which that of the link is both's.
	want := len(w.audited(t, logins[0].User.ID)) + len(w.audited(t, logins[1].User.ID)) - 1
	if got.Audit[0].At.Before(got.Audit[len(got.Audit)-1].At) || len(got.Audit) != want || want != 3 {
		t.Errorf("got lines %+v, want %d, the newest first", got.Audit, want)
	}
	got.Avatar = nil // is the canary itself, and so are the UnionIDs, here
	for _, part := range append(got.Identities, got.Account) {
		if part.User.ID == other.User.ID {
			t.Errorf("got %+v of somebody else", part)
		}
	}
	mustHide(t, "sessions", got.Sessions)
	mustHide(t, "audit", got.Audit)
}

func TestExportThatCannotBeWholeIsNone(t *testing.T) {
	var login ports.Login
	chore{
		name: "export", calls: []string{"Find", "FindLiveOf", "FindEntries"},
		ready: func(t *testing.T, w *world) { login = w.come(t, appA, "a") },
		act: func(ctx context.Context, w *world) error {
			got, err := w.exportUseCase().Export(ctx, callerOf(login))
			if err != nil && (got.User.ID != "" || len(got.Sessions)+len(got.Identities) != 0) {
				return errors.New("something came with an error")
			}
			return err
		},
		holds: func(*testing.T, *world) {},
	}.mustBeMended(t)
	w := newTown()
	login = w.come(t, appA, "a")
	change := domain.ProfileChange{Avatar: "replaced just now", At: w.clock.now}
	if _, err := w.profiles.ChangeProfile(t.Context(), login.User.Identity.Key(), change); err != nil {
		t.Fatalf("ChangeProfile: got %v, want no error", err)
	}
	if got, err := w.exportUseCase().Export(t.Context(), callerOf(login)); err != nil || got.Avatar != nil {
		t.Errorf("without its picture: got %v and %v, want the rest", got.Avatar, err)
	}
}
