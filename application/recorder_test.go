package application_test

import (
	"errors"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func (w *world) inspectUseCase() *application.InspectUsersUseCase {
	return application.NewInspectUsersUseCase(w.users, w.audit)
}

func (w *world) findUseCase() *application.FindByPhoneUseCase {
	return application.NewFindByPhoneUseCase(w.profiles, w.phones)
}

// What happened to a user is told as it is written down; of some of it only the
// audit log knows.
func TestWhatIsWrittenDownIsTold(t *testing.T) {
	w := newTown()
	w.keys.present = map[domain.OpenID]string{"a": "a u"}
	w.come(t, appA, "a u")
	w.come(t, appB, "b u")
	a := w.come(t, appA, "a u")
	if _, err := w.phoneUseCase().BindPhone(t.Context(), callerOf(a), domain.NewSecret(hers)); err != nil {
		t.Fatalf("BindPhone: got %v, want no error", err)
	}
	if err := w.phoneUseCase().RemovePhone(t.Context(), callerOf(a)); err != nil {
		t.Fatalf("RemovePhone: got %v, want no error", err)
	}
	if _, err := w.resetUseCase().ResetSessionKeys(t.Context(), a.User.ID); err != nil {
		t.Fatalf("ResetSessionKeys: got %v, want no error", err)
	}
	w.leave(t, a)
	w.clock.now = w.clock.now.Add(8 * day)
	if _, err := w.eraseUseCase().EraseDue(t.Context()); err != nil {
		t.Fatalf("EraseDue: got %v, want no error", err)
	}
	lines := map[domain.AuditAction]bool{}
	for _, line := range w.audited(t, a.User.ID) {
		lines[line.Action] = true
		if line.ID == "" || line.At.IsZero() || line.By == "" {
			t.Errorf("got %+v, want its name, its time and who did it", line)
		}
	}
	told := map[domain.EventName]bool{}
	for _, event := range w.events.told() {
		told[event.Name] = true
	}
	for action, event := range map[domain.AuditAction]domain.EventName{
		domain.AuditLinked: domain.EventUserLinked, domain.AuditPhoneBound: domain.EventPhoneBound, domain.AuditPhoneRemoved: "",
		domain.AuditSessionKeyReset: "", domain.AuditDeletionRequested: domain.EventDeletionAsked, domain.AuditErased: domain.EventUserErased,
	} {
		if !lines[action] || event != "" && !told[event] {
			t.Errorf("%s: got it written down %v, and told %v", action, lines[action], told[event])
		}
	}
	if len(told) != 4 {
		t.Errorf("got %v told, want what is for operators alone", told)
	}
}

func TestOperatorsSeeWhatTheyDecideOn(t *testing.T) {
	w := newTown()
	a, b := disputed(t, w)
	uc := w.inspectUseCase()
	if got, err := uc.User(t.Context(), a.ID); err != nil || got.ID != a.ID {
		t.Errorf("User: got %+v and %v, want %s", got, err, a.ID)
	}
	if _, err := uc.User(t.Context(), "nobody"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("User: got %v, want %v", err, domain.ErrNotFound)
	}
	number, _ := domain.ParsePhoneNumber(his)
	for _, phones := range []string{"the same key", "another key"} {
		if got, err := w.findUseCase().FindByPhone(t.Context(), number); err != nil || len(got) != 1 || got[0].ID != b.ID {
			t.Errorf("FindByPhone under %s: got %+v and %v, want %s", phones, got, err, b.ID)
		}
		w.phones = rekeyed{}
	}
	for id, want := range map[domain.UserID]int{a.ID: 1, "": 1, "nobody": 0} {
		if got, err := uc.Audit(t.Context(), id, 10); err != nil || len(got) != want {
			t.Errorf("Audit of %q: got %+v and %v, want %d lines", id, got, err, want)
		}
	}
	for _, method := range []string{"Find", "FindByPhone", "FindEntries"} {
		failing := *w
		failing.sabotage(contract.FailBefore(t, method))
		uc := failing.inspectUseCase()
		_, uerr := uc.User(t.Context(), a.ID)
		_, perr := failing.findUseCase().FindByPhone(t.Context(), number)
		_, aerr := uc.Audit(t.Context(), "", 1)
		if err := errors.Join(uerr, perr, aerr); !errors.Is(err, domain.ErrStoreUnavailable) {
			t.Errorf("%s fails: got %v, want %v", method, err, domain.ErrStoreUnavailable)
		}
	}
}
