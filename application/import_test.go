package application_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/memory"
	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
)

// former are records of another service. It fails after failAt of them, if that
// is set.
type former struct {
	records []ports.FormerRecord
	failAt  int
	failure error
}

func (f former) Count(context.Context) (int64, error) { return int64(len(f.records)), nil }

func (f former) Records(ctx context.Context, after string) iter.Seq2[ports.FormerRecord, error] {
	return func(yield func(ports.FormerRecord, error) bool) {
		behind := after == ""
		for n, record := range f.records {
			if err := ctx.Err(); err != nil || (f.failure != nil && n == f.failAt) {
				yield(ports.FormerRecord{}, errors.Join(err, f.failure))
				return
			}
			if behind && !yield(record, nil) {
				return
			}
			behind = behind || record.Key == after
		}
	}
}

// people are n records, of a person each.
func people(n int) former {
	all := make([]ports.FormerRecord, n)
	for i := range all {
		all[i] = aRecord(fmt.Sprint("k", i), fmt.Sprintf("o%06d", i))
	}
	return former{records: all}
}

func aRecord(key, openID string) ports.FormerRecord {
	at := time.Date(2018, 1, 2, 3, 4, 5, 0, time.UTC)
	return ports.FormerRecord{Key: key, User: domain.FormerUser{
		OpenID: domain.OpenID(openID), Profile: domain.Profile{Nickname: "nick " + key}, NicknameAt: at, CreatedAt: at, SeenAt: at,
	}}
}

// importWorld imports into memory.
type importWorld struct {
	users   *memory.UserRepository
	imports ports.ImportRepository
	told    []ports.ImportReport
	flawed  []string
}

// Progress and Flawed implement ports.ImportListener.
func (w *importWorld) Progress(r ports.ImportReport) { w.told = append(w.told, r) }

func (w *importWorld) Flawed(record int, key string, flaw domain.Flaw) {
	w.flawed = append(w.flawed, fmt.Sprintf("%d %s: %s", record, key, flaw))
}

func newImportWorld() *importWorld {
	users := memory.NewUserRepository()
	return &importWorld{users: users, imports: memory.NewImportRepository(users)}
}

func (w *importWorld) run(ctx context.Context, source ports.FormerUsers, order ports.ImportOrder) (ports.ImportReport, error) {
	order.AppID = theApp
	clock := &frozen{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	uc := application.NewImportUseCase(source, w.users, w.imports, clock, counter{})
	return uc.Import(ctx, order, w)
}

func (w *importWorld) mustRun(t *testing.T, source ports.FormerUsers, order ports.ImportOrder) ports.ImportReport {
	t.Helper()
	report, err := w.run(t.Context(), source, order)
	if err != nil {
		t.Fatalf("Import: got %v, want no error", err)
	}
	return report
}

func (w *importWorld) has(t *testing.T, openID string) (domain.WeChatUser, bool) {
	t.Helper()
	user, err := w.users.FindByIdentity(t.Context(), domain.WeChatIdentity{AppID: theApp, OpenID: domain.OpenID(openID)}.Key())
	return user, err == nil
}

func wantReport(t *testing.T, got, want ports.ImportReport) {
	t.Helper()
	if want.Flaws == nil {
		want.Flaws = map[domain.Flaw]ports.FlawCount{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the report differs (-want +got):\n%s", diff)
	}
}

func TestImportStoresEachPersonOnce(t *testing.T) {
	w, source := newImportWorld(), people(3000)
	wantReport(t, w.mustRun(t, source, ports.ImportOrder{}), ports.ImportReport{Total: 3000, Stored: 3000, After: "k2999"})
	first, _ := w.has(t, "o000000")
	if first.Profile.Nickname != "nick k0" || first.CreatedAt.Year() != 2018 || first.LastLoginAt.Year() != 2018 {
		t.Errorf("got %+v, want the person as of 2018", first)
	}
	if len(w.told) != 4 || w.told[0].Read() != 0 || w.told[1].Read() != 1024 || w.told[1].After != "k1023" {
		t.Errorf("got told %+v, want to hear of each batch", w.told)
	}
	wantReport(t, w.mustRun(t, source, ports.ImportOrder{}), ports.ImportReport{Total: 3000, There: 3000, After: "k2999"})
	if again, _ := w.has(t, "o000000"); again.ID != first.ID {
		t.Errorf("got the ID %s after the second import, want %s", again.ID, first.ID)
	}
}

func TestDryRunOfAnImportStoresNothing(t *testing.T) {
	w := newImportWorld()
	w.mustRun(t, people(1), ports.ImportOrder{})
	wantReport(t, w.mustRun(t, people(3), ports.ImportOrder{DryRun: true}), ports.ImportReport{Total: 3, Stored: 2, There: 1, After: "k2"})
	if _, there := w.has(t, "o000002"); there {
		t.Error("got a user of a dry run, want none")
	}
}

func TestImportMergesAndRefusesAndSaysSo(t *testing.T) {
	again, bad, other, own := aRecord("k2", "o1"), aRecord("k3", "o1"), aRecord("k4", "o2"), aRecord("k5", "o3")
	again.User.NicknameAt = again.User.NicknameAt.Add(time.Hour)
	bad.User.Profile = domain.Profile{Nickname: "微信用户"}
	other.User.AppID = "wx-other"
	own.Refused = domain.FlawOwn
	dateless := aRecord("", "o4")
	dateless.User.CreatedAt, dateless.User.SeenAt = time.Time{}, time.Time{}
	dateless.Flaws = []domain.Flaw{domain.FlawScaffoldStart, domain.FlawScaffoldStart}
	source := former{records: []ports.FormerRecord{aRecord("k0", ""), aRecord("k1", "o1"), again, bad, other, own, dateless}}
	w := newImportWorld()
	wantReport(t, w.mustRun(t, source, ports.ImportOrder{}), ports.ImportReport{
		Total: 7, Stored: 2, Merged: 2, Refused: 3, After: "k3",
		Flaws: map[domain.Flaw]ports.FlawCount{
			domain.FlawNoOpenID:      {Times: 1, Records: []string{"k0"}},
			domain.FlawDuplicate:     {Times: 2, Records: []string{"k2", "k3"}},
			domain.FlawPlaceholder:   {Times: 1, Records: []string{"k3"}},
			domain.FlawOtherApp:      {Times: 1, Records: []string{"k4"}},
			domain.FlawOwn:           {Times: 1, Records: []string{"k5"}},
			domain.FlawScaffoldStart: {Times: 1},
			domain.FlawNoDate:        {Times: 1},
		},
	})
	want := []string{
		"1 k0: " + string(domain.FlawNoOpenID), "3 k2: " + string(domain.FlawDuplicate),
		"4 k3: " + string(domain.FlawPlaceholder), "4 k3: " + string(domain.FlawDuplicate),
		"5 k4: " + string(domain.FlawOtherApp), "6 k5: " + string(domain.FlawOwn),
		"7 : " + string(domain.FlawScaffoldStart), "7 : " + string(domain.FlawNoDate),
	}
	if diff := cmp.Diff(want, w.flawed); diff != "" {
		t.Errorf("the flaws that were told differ (-want +got):\n%s", diff)
	}
	if user, _ := w.has(t, "o1"); user.Profile.Nickname != "nick k2" {
		t.Errorf("got %+v, want the newest nickname that is of use", user.Profile)
	}
	if user, _ := w.has(t, "o4"); user.CreatedAt.Year() != 2026 {
		t.Errorf("got made at %v, want the time of the import", user.CreatedAt)
	}
}

func TestImportNamesFewRecordsOfManyFlaws(t *testing.T) {
	source := people(100)
	for i := range source.records {
		source.records[i].User.OpenID = "same"
	}
	report := newImportWorld().mustRun(t, source, ports.ImportOrder{})
	if got := report.Flaws[domain.FlawDuplicate]; got.Times != 99 || len(got.Records) != 5 || report.Stored != 1 || report.Read() != 100 {
		t.Errorf("got %+v of %+v, want 99 times, 5 records named and one user", got, report)
	}
}

func TestImportOfNobody(t *testing.T) {
	wantReport(t, newImportWorld().mustRun(t, former{}, ports.ImportOrder{}), ports.ImportReport{})
}
