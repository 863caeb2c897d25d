package application_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestImportWhoseSourceFailsGoesOnFromWhereItSays(t *testing.T) {
	w, source := newImportWorld(), people(3000)
	source.failAt, source.failure = 2500, errors.New("the line is dead")
	report, err := w.run(t.Context(), source, ports.ImportOrder{})
	if !errors.Is(err, source.failure) {
		t.Fatalf("got %v, want the failure", err)
	}
	wantReport(t, report, ports.ImportReport{Total: 3000, Stored: 2048, After: "k2047"})
	source.failure = nil
	wantReport(t, w.mustRun(t, source, ports.ImportOrder{After: report.After}), ports.ImportReport{Total: 3000, Stored: 952, After: "k2999"})
}

func TestImportWhoseStoreFailsLosesNobody(t *testing.T) {
	for name, aim := range map[string]func(testing.TB, string) *contract.Fault{"before": contract.FailBefore, "after": contract.FailAfter} {
		t.Run(name, func(t *testing.T) {
			w, source := newImportWorld(), people(100)
			healthy := w.imports
			w.imports = aim(t, "Import").Imports(healthy)
			report, err := w.run(t.Context(), source, ports.ImportOrder{})
			if !errors.Is(err, domain.ErrStoreUnavailable) {
				t.Fatalf("got %v, want %v", err, domain.ErrStoreUnavailable)
			}
			wantReport(t, report, ports.ImportReport{Total: 100})
			w.imports = healthy
			if report := w.mustRun(t, source, ports.ImportOrder{After: report.After}); report.Stored+report.There != 100 {
				t.Errorf("got %+v after another import, want all", report)
			}
		})
	}
}

// importing is a store of which each import calls it first.
type importing struct {
	ports.ImportRepository
	first func()
}

func (i importing) Import(ctx context.Context, user domain.WeChatUser) (bool, error) {
	i.first()
	return i.ImportRepository.Import(ctx, user)
}

func TestImportThatIsStoppedEndsItsBatch(t *testing.T) {
	w := newImportWorld()
	ctx, stop := context.WithCancel(t.Context())
	var calls atomic.Int32
	w.imports = importing{w.imports, func() {
		if calls.Add(1) == 10 {
			stop()
		}
	}}
	report, err := w.run(ctx, people(5000), ports.ImportOrder{})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	wantReport(t, report, ports.ImportReport{Total: 5000, Stored: 1024, After: "k1023"})
}
