// Package mongodb keeps users, sessions, what ends or renews them and what was
// done to accounts in the operator's MongoDB. Every write waits for the journals of
// a majority; all but the rare ones are one command, addressed by a document's _id,
// and there are no transactions. Times are kept to the millisecond, which is as exact
// as MongoDB is: what is finer is cut off.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	findServer = 2 * time.Second  // for a server to send a command to
	callServer = 3 * time.Second  // for one command, all told
	patience   = 10 * time.Second // for Open
	pause      = 200 * time.Millisecond
)

// Store is the connection to one database. Its Open and Close bound the time in
// which the repositories on it are of use; outside of it they fail.
type Store struct {
	client      *mongo.Client
	users       *mongo.Collection
	sessions    *mongo.Collection
	claims      *mongo.Collection
	revocations *mongo.Collection
	unions      *mongo.Collection
	audit       *mongo.Collection
	clock       ports.Clock
	log         *slog.Logger

	calls     calls
	endSweeps context.CancelFunc
	sweeps    sync.WaitGroup
}

// NewStore returns the store that cfg names, and does not wait for a server. By
// clock it knows what has expired and may go. Its error says nothing of the URI,
// which may hold a password.
func NewStore(cfg config.MongoDB, clock ports.Clock, log *slog.Logger) (*Store, error) {
	uri := cfg.URI.Reveal()
	name := databaseOf(uri)
	if name == "" {
		return nil, errors.New("mongodb: the URI names no database")
	}
	how := clientOptions(uri)
	if log.Enabled(context.Background(), slog.LevelDebug) { // else every command would pay for nobody
		how.SetMonitor(monitor(logged{log}))
	}
	client, err := mongo.Connect(how)
	if err != nil {
		return nil, errors.New("mongodb: the URI is not one that the driver takes")
	}
	db := client.Database(name)
	return &Store{
		client: client, users: db.Collection("users"), sessions: db.Collection("sessions"),
		claims: db.Collection("refresh_claims"), revocations: db.Collection("revocations"),
		unions: db.Collection("unions"), audit: db.Collection("audit"),
		clock: clock, log: log, endSweeps: func() {},
	}, nil
}

// clientOptions are our defaults, then what the URI says, and then what is not
// the operator's choice, because the ports promise it.
func clientOptions(uri string) *options.ClientOptions {
	journaled := true
	return options.Client().
		SetAppName("wxlogin").
		SetServerSelectionTimeout(findServer).
		SetConnectTimeout(findServer).
		SetTimeout(callServer).
		SetMinPoolSize(0).
		SetMaxPoolSize(32).
		SetMaxConnecting(8). // the first logins of a morning come all at once
		SetMaxConnIdleTime(10 * time.Minute).
		ApplyURI(uri).
		SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: &journaled}).
		SetReadPreference(readpref.Primary())
}

// databaseOf returns the name of the database in a URI, or nothing. Neither a
// user's name nor a password holds a slash or a question mark that is not escaped.
func databaseOf(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	rest, _, _ = strings.Cut(rest, "?")
	_, escaped, _ := strings.Cut(rest, "/")
	name, err := url.PathUnescape(escaped)
	if err != nil || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// Open returns when the database answers and has its indexes. A server that is
// not there is waited for, up to ten seconds. After an error the store is closed.
func (s *Store) Open(ctx context.Context) error {
	expires, err := s.prepare(ctx)
	if err != nil {
		_ = s.client.Disconnect(ctx)
		return fmt.Errorf("mongodb: open: %w", err)
	}
	if !expires {
		s.log.InfoContext(ctx, "mongodb: the server knows no TTL indexes; what has expired is swept from here")
		s.calls.takeTurns()
		s.startSweeps(ctx)
	}
	return nil
}

// prepare makes the indexes, again and again until a server has, and reports
// whether it removes what has expired by itself.
func (s *Store) prepare(ctx context.Context) (expires bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		expires, err = s.ensureIndexes(ctx)
		if err = meaning(err); !errors.Is(err, domain.ErrStoreUnavailable) {
			return expires, err
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("no server that can be written to: %w", err)
		case <-time.After(pause):
		}
	}
}

// Close ends the connections when the commands under way are done, or when ctx
// ends. Closing twice is no error.
func (s *Store) Close(ctx context.Context) error {
	s.endSweeps()
	s.sweeps.Wait()
	if err := s.client.Disconnect(ctx); err != nil && !errors.Is(err, mongo.ErrClientDisconnected) {
		return fmt.Errorf("mongodb: close: %w", err)
	}
	return nil
}
