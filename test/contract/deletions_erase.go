package contract

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
)

func (l leavers) wantDue(t *testing.T, now time.Time, limit int, want ...domain.UserID) {
	t.Helper()
	got, err := l.deletions.FindDue(t.Context(), now, limit)
	if err != nil {
		t.Fatalf("FindDue: got %v, want no error", err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	wantEqual(t, "the users who are due", got, want)
}

func (l leavers) erase(t *testing.T, id domain.UserID, now time.Time) {
	t.Helper()
	if err := l.deletions.Erase(t.Context(), id, now); err != nil {
		t.Fatalf("Erase(%s): got %v, want no error", id, err)
	}
}

// wantGone wants nothing found of a user.
func (l leavers) wantGone(t *testing.T, u domain.WeChatUser) {
	t.Helper()
	_, err := l.users.Find(t.Context(), u.ID)
	wantNotFound(t, "Find of a user who was erased", err)
	_, err = l.users.FindByIdentity(t.Context(), u.Identity.Key())
	wantNotFound(t, "FindByIdentity of a user who was erased", err)
}

func dueAreFound(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	record(t, l.users, visitor("u9", "o9", start()))
	l.wantDue(t, at, 10)
	l.marked(t, "u1", "o1", at)
	l.marked(t, "u2", "o2", at.Add(time.Hour))
	l.wantDue(t, at.Add(-time.Millisecond), 10)
	l.wantDue(t, at, 10, "u1")
	l.wantDue(t, at.Add(time.Hour-time.Millisecond), 10, "u1")
	l.wantDue(t, at.Add(time.Hour), 10, "u1", "u2")
	l.schedule(t, "u1", time.Time{})
	l.wantDue(t, at.Add(time.Hour), 10, "u2")
}

func earliestAreDueFirst(t *testing.T, l leavers) {
	const many = 12
	at := start().Add(time.Hour)
	want := make([]domain.UserID, many)
	for i := range want {
		u := l.marked(t, fmt.Sprint("u", i), fmt.Sprint("o", i), at.Add(-time.Duration(i)*time.Minute))
		want[many-1-i] = u.ID
	}
	for _, limit := range []int{1, 5, many, many + 1} {
		l.wantDue(t, at, limit, want[:min(limit, many)]...)
	}
}

func dueOnce(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	one := l.marked(t, "u5", "o5", at)
	assign(t, l.users, one, "u6", one.Assigned("u6")) // of u6 one identity is marked, one is not
	record(t, l.users, visitor("u6", "o6", start()))
	l.wantDue(t, at, 10, "u6")
	linked(t, l.users)
	l.schedule(t, "u1", at.Add(-time.Minute))
	l.wantDue(t, at, 10, "u1", "u6")
	l.wantDue(t, at, 2, "u1", "u6")
	l.wantDue(t, at, 1, "u1")
}

func erasedIsGone(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	all := linked(t, l.users)
	l.schedule(t, "u1", at)
	l.erase(t, "u1", at)
	for _, u := range all {
		l.wantGone(t, u)
	}
	l.wantDue(t, at, 10)
	_, err := l.users.SetBan(t.Context(), "u1", at)
	wantNotFound(t, "SetBan of a user who was erased", err)
	wantNotFound(t, "ScheduleDeletion of a user who was erased", l.deletions.ScheduleDeletion(t.Context(), "u1", at))
}

func othersAreNotErased(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	due, later, never := l.marked(t, "u1", "o1", at), l.marked(t, "u2", "o2", at.Add(time.Millisecond)), visitor("u3", "o3", start())
	other := l.marked(t, "u4", "o4", at) // due as well, and not asked for
	record(t, l.users, never)
	for _, u := range []domain.WeChatUser{due, later, never} {
		l.erase(t, u.ID, at)
	}
	l.wantGone(t, due)
	for _, u := range []domain.WeChatUser{later, never, other} {
		wantUnited(t, l.users, u)
	}
	l.wantDue(t, at.Add(time.Hour), 10, "u4", "u2")
}

func undueIdentityStays(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	stays, later := visitor("u1", "o1", start()), l.marked(t, "u3", "o3", at.Add(time.Hour))
	due := l.marked(t, "u2", "o2", at)
	record(t, l.users, stays)
	assign(t, l.users, due, "u1", due.Assigned("u1"))
	later = assign(t, l.users, later, "u1", later.Assigned("u1"))
	l.erase(t, "u1", at)
	wantUnited(t, l.users, stays, later)
	_, err := l.users.FindByIdentity(t.Context(), due.Identity.Key())
	wantNotFound(t, "FindByIdentity of the one that was erased", err)
}

func erasedTwice(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	u, stays := l.marked(t, "u1", "o1", at), visitor("u2", "o2", start())
	record(t, l.users, stays)
	for _, id := range []domain.UserID{"nobody", "", "u1", "u1"} {
		l.erase(t, id, at)
	}
	l.wantGone(t, u)
	wantUnited(t, l.users, stays)
}

func erasedComesAgain(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	u := l.marked(t, "u1", "o1", at)
	setBan(t, l.users, u.ID, at)
	assign(t, l.users, u, u.ID, domain.Link{Several: true, Decided: "union", Apart: true})
	l.erase(t, u.ID, at)
	again := domain.NewWeChatUser("u2", identity("o1"), domain.Profile{}, at.Add(time.Minute))
	user, created := record(t, l.users, again)
	if !created {
		t.Error("login of a person who was erased: got created false, want true")
	}
	wantEqual(t, "the returned user", user, again)
	wantUnited(t, l.users, again)
	_, err := l.users.Find(t.Context(), u.ID)
	wantNotFound(t, "Find of the user who was erased", err)
	l.erase(t, u.ID, at.Add(time.Hour))
	l.erase(t, again.ID, at.Add(time.Hour))
	wantUnited(t, l.users, again)
}

func deletionWriteIsWhole(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	u := visitor("u1", "o1", start())
	record(t, l.users, u)
	err := l.deletions.ScheduleDeletion(over(t), u.ID, at)
	wantRefused(t, "ScheduleDeletion", err)
	marked := u
	marked.DeletionAt = at
	if err == nil {
		wantUnited(t, l.users, marked)
	}
	l.schedule(t, u.ID, at)
	wantUnited(t, l.users, marked)

	err = l.deletions.Erase(over(t), u.ID, at)
	wantRefused(t, "Erase", err)
	if err == nil {
		l.wantGone(t, u)
	}
	l.erase(t, u.ID, at)
	l.wantGone(t, u)
}

func deletionReadIsRight(t *testing.T, l leavers) {
	u := l.marked(t, "u1", "o1", start())
	due, err := l.deletions.FindDue(over(t), start().Add(time.Hour), 10)
	wantRefused(t, "FindDue", err)
	if err == nil {
		wantEqual(t, "the users who are due", due, []domain.UserID{u.ID})
	}
	if err = l.deletions.ScheduleDeletion(over(t), "nobody", start()); !errors.Is(err, domain.ErrNotFound) {
		wantRefused(t, "ScheduleDeletion for nobody", err)
	}
}
