package bench

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/adapters/sqlite"
	"wxlogin/adapters/system"
	"wxlogin/application"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// nobodyListens is an import of which nobody hears.
type nobodyListens struct{}

func (nobodyListens) Progress(ports.ImportReport)     {}
func (nobodyListens) Flawed(int, string, domain.Flaw) {}

// BenchmarkImportScaffold imports the scaffold's documents, with all that is wrong
// with such, from a MongoDB that takes no time, into SQLite with a sync of the disk
// for each commit. An operation is a document.
func BenchmarkImportScaffold(b *testing.B) {
	scaffold := newImport(b, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	report := scaffold.run(b)
	b.ReportMetric(float64(report.Stored)/b.Elapsed().Seconds(), "users/s")
}

func TestTheMeasuredImportIsComplete(t *testing.T) {
	scaffold := newImport(t, 3000)
	if report := scaffold.run(t); report.Merged != scaffold.made.Merged || report.Refused != scaffold.made.Refused {
		t.Errorf("got %+v, want %d documents merged and %d refused", report, scaffold.made.Merged, scaffold.made.Refused)
	}
}

// scaffoldImport is an import that is ready to run, and what is to become of it.
type scaffoldImport struct {
	uc        *application.ImportUseCase
	documents int
	made      testkit.Former
}

func newImport(tb testing.TB, documents int) scaffoldImport {
	tb.Helper()
	source, made := scaffoldOf(tb, documents)
	tb.Cleanup(func() { _ = source.Close(context.Background()) })
	store := sqlite.NewStore(config.SQLite{Dir: tb.TempDir()}, system.NewClock())
	if err := store.Open(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = store.Close(context.Background()) })
	uc := application.NewImportUseCase(source, sqlite.NewUserRepository(store), sqlite.NewImportRepository(store),
		system.NewClock(), system.NewEntropy())
	return scaffoldImport{uc, documents, made}
}

func (s scaffoldImport) run(tb testing.TB) ports.ImportReport {
	tb.Helper()
	report, err := s.uc.Import(tb.Context(), ports.ImportOrder{AppID: "wx1234567890abcdef"}, nobodyListens{})
	if err != nil || report.Stored != len(s.made.Users) || report.Read() != s.documents {
		tb.Fatalf("got %+v and %v, want %d users of %d documents", report, err, len(s.made.Users), s.documents)
	}
	return report
}

func scaffoldOf(tb testing.TB, documents int) (*mongodb.ScaffoldUsers, testkit.Former) {
	tb.Helper()
	all, made := testkit.ScaffoldDocuments(documents)
	server := testkit.InstantMongo{Batch: 1000, Options: bson.D{}}
	for _, fields := range all {
		document, err := bson.Marshal(fields)
		if err != nil {
			tb.Fatal(err)
		}
		server.Documents = append(server.Documents, document)
	}
	source, err := mongodb.NewScaffoldUsers(config.Former{URI: domain.NewSecret(server.Serve(tb))})
	if err != nil {
		tb.Fatal(err)
	}
	return source, made
}
