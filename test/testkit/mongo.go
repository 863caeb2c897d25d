// Package testkit gives tests what they stand on: the whole service as it ships, on
// doubles of the world or on the real thing, and a MongoDB of their own.
package testkit

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// mongoServer is a MongoDB server that tests may use.
type mongoServer struct {
	uri  string
	kind string
	stop func()
}

// shared is the one server of a test binary, started when first asked for.
var shared struct {
	sync.Mutex
	server *mongoServer
	err    error
}

// MongoDB returns the address of an empty database that is t's alone and gone
// after it. The first call of a test binary finds the server: the one that
// TEST_MONGODB_URI names; else a container of TEST_MONGODB_IMAGE (mongo:8), as a
// one-node replica set if the image is MongoDB's or TEST_MONGODB_REPLSET names
// one; else, where there is no Docker or no image, the stand-in of
// test/mongolite, built here and run as a child process. With CI=true an image
// that was asked for by name must run.
//
// A TestMain that calls StopMongoDB ends the server.
func MongoDB(t testing.TB) string {
	t.Helper()
	server, err := mongoDB()
	if err != nil {
		t.Fatalf("testkit: no MongoDB to test with: %v", err)
	}
	t.Logf("testkit: MongoDB is %s", server.kind)
	name := databaseName(t.Name())
	uri := withDatabase(server.uri, name)
	t.Cleanup(func() {
		if err := dropDatabase(uri, name); err != nil {
			t.Errorf("testkit: drop database %s: %v", name, err)
		}
	})
	return uri
}

// MongoDBKind says in words which server the tests of this binary have used. It
// is empty before the first call of MongoDB.
func MongoDBKind() string {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return ""
	}
	return shared.server.kind
}

// StopMongoDB ends the server that MongoDB started, if it did. It is for a
// TestMain to call after its tests: a container left behind stays.
func StopMongoDB() {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		shared.server.stop()
		shared.server = nil
	}
}

func mongoDB() (*mongoServer, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = findMongoDB()
	}
	return shared.server, shared.err
}

func findMongoDB() (*mongoServer, error) {
	if uri := os.Getenv("TEST_MONGODB_URI"); uri != "" {
		return &mongoServer{uri: uri, kind: "the server of TEST_MONGODB_URI", stop: func() {}}, nil
	}
	asked := os.Getenv("TEST_MONGODB_IMAGE")
	image := cmp.Or(asked, "mongo:8")
	server, err := startMongoContainer(image)
	if err == nil {
		return server, nil
	}
	if asked != "" && os.Getenv("CI") == "true" {
		return nil, fmt.Errorf("run %s: %w", image, err)
	}
	return startStandIn("no container of " + image + ": " + err.Error())
}

// longestName is short of MongoDB's limit of 63 bytes.
const longestName = 60

// databaseName makes a name of a test's: lower case, since databases may not
// differ in case alone, and with a random end, since tests may run twice at once.
func databaseName(test string) string {
	end := make([]byte, 4)
	_, _ = rand.Read(end) // never fails
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(test))
	suffix := "_" + hex.EncodeToString(end)
	return plain[:min(len(plain), longestName-len(suffix))] + suffix
}

// withDatabase names the database in a URI. A user whom the URI names is still
// looked up where it was.
func withDatabase(uri, name string) string {
	base, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	hosts, old, _ := strings.Cut(rest, "/")
	if strings.Contains(hosts, "@") && !strings.Contains(strings.ToLower(query), "authsource=") {
		if old == "" {
			old = "admin"
		}
		query = strings.TrimPrefix(query+"&authSource="+old, "&")
	}
	if query != "" {
		query = "?" + query
	}
	return scheme + "://" + hosts + "/" + name + query
}

func dropDatabase(uri, name string) error {
	return withClient(uri, func(ctx context.Context, client *mongo.Client) error {
		return client.Database(name).Drop(ctx)
	})
}

// withClient lets do talk to a server that may have been started a moment ago.
func withClient(uri string, do func(context.Context, *mongo.Client) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(time.Minute))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	return do(ctx, client)
}
