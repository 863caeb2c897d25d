package testkit_test

import (
	"context"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
	"go.uber.org/goleak"

	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testkit.StopMongoDB()
	if err := goleak.Find(); code == 0 && err != nil {
		println(err.Error())
		code = 1
	}
	os.Exit(code)
}

func open(t *testing.T, uri string) *mongo.Database {
	t.Helper()
	parsed, err := connstring.Parse(uri)
	if err != nil {
		t.Fatalf("URI: got %v, want one that the driver takes", err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client.Database(parsed.Database)
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	first, second := testkit.MongoDB(t), testkit.MongoDB(t)
	if _, err := open(t, first).Collection("things").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "a"}}); err != nil {
		t.Fatalf("insert: got %v, want no error", err)
	}
	for uri, want := range map[string]int64{first: 1, second: 0} {
		got, err := open(t, uri).Collection("things").CountDocuments(t.Context(), bson.D{})
		if err != nil || got != want {
			t.Errorf("documents: got %d and error %v, want %d", got, err, want)
		}
	}
	if testkit.MongoDBKind() == "" {
		t.Error("kind: got nothing, want words for the server in use")
	}
}

func TestDatabaseIsNamedAfterTheTestAndGoneAfterIt(t *testing.T) {
	var used *mongo.Database
	t.Run("a/long: NAME with $ signs, 字 and much more than a database's name may hold", func(t *testing.T) {
		used = open(t, testkit.MongoDB(t))
		if want := regexp.MustCompile(`^testdatabaseis[a-z0-9_]+_[0-9a-f]{8}$`); !want.MatchString(used.Name()) || len(used.Name()) > 60 {
			t.Errorf("name: got %q, want at most 60 of %v", used.Name(), want)
		}
	})
	all, err := open(t, testkit.MongoDB(t)).Client().ListDatabaseNames(t.Context(), bson.D{{Key: "name", Value: used.Name()}})
	if err != nil || len(all) != 0 {
		t.Errorf("databases left: got %v and error %v, want none", all, err)
	}
}

func TestServerOfOnesOwnIsUsed(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"bare", "mongodb://h1:1,h2:2", `^mongodb://h1:1,h2:2/NAME$`},
		{"options", "mongodb+srv://h/?tls=true", `^mongodb\+srv://h/NAME\?tls=true$`},
		{"user", "mongodb://u:p@h", `^mongodb://u:p@h/NAME\?authSource=admin$`},
		{"user in a database", "mongodb://u:p@h/mine?tls=true", `^mongodb://u:p@h/NAME\?tls=true&authSource=mine$`},
		{"user and source", "mongodb://u:p@h/mine?AuthSource=x", `^mongodb://u:p@h/NAME\?AuthSource=x$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := regexp.MustCompile(strings.Replace(tt.want, "NAME", "testwithdatabase_[0-9a-f]{8}", 1))
			if got := testkit.WithDatabase(tt.give, "TestWithDatabase"); !want.MatchString(got) {
				t.Errorf("got %q, want %v", got, want)
			}
		})
	}
}

func TestOnlyMongoDBsImageIsAReplicaSet(t *testing.T) {
	for image, want := range map[string]string{
		"mongo:8":                     "rs0",
		"mongo":                       "rs0",
		"example.test:5000/a/mongo:8": "rs0",
		"wxlogin-mongolite:test":      "",
		"mongolite":                   "",
	} {
		if got := testkit.ReplicaSet(image); got != want {
			t.Errorf("%s: got set %q, want %q", image, got, want)
		}
	}
	t.Setenv("TEST_MONGODB_REPLSET", "mine")
	if got := testkit.ReplicaSet("mongolite"); got != "mine" {
		t.Errorf("with TEST_MONGODB_REPLSET: got set %q, want mine", got)
	}
}

func TestMissingDockerIsNoticedAtOnce(t *testing.T) {
	for name, host := range map[string]string{
		"no socket":      "unix:///nowhere/docker.sock",
		"nobody listens": "tcp://127.0.0.1:1",
		"never answers":  "tcp://" + deaf(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", host)
			begin := time.Now()
			err := testkit.StartMongoContainer("mongo:8")
			if took := time.Since(begin); err == nil || took > 3*time.Second/2 {
				t.Errorf("got error %v after %v, want one within 1.5s", err, took)
			}
		})
	}
}

func TestStandInEndsWhenTold(t *testing.T) {
	uri, stop, err := testkit.StartStandIn()
	if err != nil {
		t.Fatalf("start: got %v, want no error", err)
	}
	address := open(t, uri+"test").Client()
	if err := address.Ping(t.Context(), nil); err != nil {
		t.Errorf("ping: got %v, want no error", err)
	}
	begin := time.Now()
	stop()
	if took := time.Since(begin); took > 4*time.Second {
		t.Errorf("stop: took %v, want less than 4s", took)
	}
	if conn, err := net.Dial("tcp", strings.Trim(strings.TrimPrefix(uri, "mongodb://"), "/")); err == nil {
		_ = conn.Close()
		t.Error("after stop: got a connection, want none")
	}
}

// deaf listens and never says a word.
func deaf(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}
