package mongodb_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
)

func TestDatabaseIsTheOneThatTheURINames(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://h/wxlogin":                  "wxlogin",
		"mongodb://u:p%2Fp@h1:1,h2:2/a-b?w=1":  "a-b",
		"mongodb+srv://u@cluster.test/x%5Fy":   "x_y",
		"mongodb://h":                          "",
		"mongodb://h/":                         "",
		"mongodb://h/?replicaSet=rs0":          "",
		"mongodb://h?authSource=/x":            "",
		"mongodb://u:unescaped/password@h/db":  "",
		"mongodb://u:broken%escape@h/db%zz?x=": "",
		"":                                     "",
	} {
		if got := mongodb.DatabaseOf(uri); got != want {
			t.Errorf("%s: got %q, want %q", uri, got, want)
		}
	}
}

func TestBadURIIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, uri := range []string{
		"mongodb://user:" + password + "@h",
		"mongodb://user:" + password + "@h:notaport/test",
		"mongodb://user:" + password + "/@h/test",
		"mongodb://user:" + password + "@@h/test",
		"mongodb://user:" + password + "%zz@h/test",
		"mongo://user:" + password + "@h/test",
		"mongodb://user:" + password + "@h/test?authMechanism=" + password,
		"mongodb://user:" + password + "@h1,h2/test?directConnection=true",
	} {
		_, err := mongodb.NewStore(config.MongoDB{URI: domain.NewSecret(uri)}, &clock{}, slog.New(slog.DiscardHandler))
		if err == nil || strings.Contains(err.Error(), password) || !strings.Contains(err.Error(), "the URI") {
			t.Errorf("%s: got %v, want an error that names the URI and quotes nothing of it", uri, err)
		}
	}
}

func TestPromisedDurabilityIsNotTheURIsChoice(t *testing.T) {
	got := mongodb.ClientOptions("mongodb://h/test?w=0&journal=false&readPreference=nearest")
	if got.WriteConcern.W != "majority" || got.WriteConcern.Journal == nil || !*got.WriteConcern.Journal {
		t.Errorf("write concern: got %+v, want a journaled majority", got.WriteConcern)
	}
	if mode := got.ReadPreference.Mode(); mode != readpref.PrimaryMode {
		t.Errorf("read preference: got %v, want primary", mode)
	}
}

func TestLimitsAreOursUnlessTheURISaysOtherwise(t *testing.T) {
	ours := mongodb.ClientOptions("mongodb://h/test")
	if *ours.MaxPoolSize != 32 || *ours.Timeout != 3*time.Second ||
		*ours.ServerSelectionTimeout != 2*time.Second || *ours.ConnectTimeout != 2*time.Second || *ours.AppName != "wxlogin" {
		t.Errorf("got pool %d, timeout %v, selection %v, connect %v, name %q; want 32, 3s, 2s, 2s, wxlogin",
			*ours.MaxPoolSize, *ours.Timeout, *ours.ServerSelectionTimeout, *ours.ConnectTimeout, *ours.AppName)
	}
	theirs := mongodb.ClientOptions("mongodb://h/test?maxPoolSize=7&minPoolSize=3&timeoutMS=900&retryWrites=false")
	if *theirs.MaxPoolSize != 7 || *theirs.MinPoolSize != 3 || *theirs.Timeout != 900*time.Millisecond || *theirs.RetryWrites {
		t.Errorf("got pool %d to %d, timeout %v, retries %t; want what the URI says",
			*theirs.MinPoolSize, *theirs.MaxPoolSize, *theirs.Timeout, *theirs.RetryWrites)
	}
}
