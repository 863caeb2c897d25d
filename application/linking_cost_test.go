package application_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// steps notes what a login through an app costs.
func (w *world) steps(t *testing.T, app domain.AppID, says string) []string {
	t.Helper()
	noted := *w
	s := noted.note()
	noted.users = assigning{noted.users, s}
	noted.unions, noted.audit, noted.deletions, noted.profiles = nil, nil, nil, nil // nobody calls them
	noted.come(t, app, says)
	return s.taken
}

// assigning notes what is written of links.
type assigning struct {
	ports.UserRepository
	steps *steps
}

func (a assigning) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	a.steps.take("assign")
	return a.UserRepository.Assign(ctx, key, was, id, link)
}

func TestLinkedUserCostsOneReadMoreAndOthersNone(t *testing.T) {
	w := newTown()
	w.come(t, appA, "a u")
	w.come(t, appB, "b u")
	w.come(t, appA, "a u") // learns that there are others
	w.come(t, appC, "alone v")
	w.come(t, appC, "none")
	plain := []string{"ask wechat", "record user", "save session", "sign token"}
	linked := []string{"ask wechat", "record user", "find user", "save session", "sign token"}
	for _, tt := range []struct {
		app  domain.AppID
		says string
		want []string
	}{{appC, "alone v", plain}, {appC, "none", plain}, {appA, "a u", linked}, {appB, "b u", linked}, {appA, "a", linked}} {
		if diff := cmp.Diff(tt.want, w.steps(t, tt.app, tt.says)); diff != "" {
			t.Errorf("%s: steps (-want +got):\n%s", tt.says, diff)
		}
	}
	w.policy.LinkUnionIDs = false
	if diff := cmp.Diff(plain, w.steps(t, appC, "undecided w")); diff != "" {
		t.Errorf("switched off: steps (-want +got):\n%s", diff)
	}
}
