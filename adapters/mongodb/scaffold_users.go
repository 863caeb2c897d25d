package mongodb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/config"
	"wxlogin/ports"
)

var _ ports.FormerUsers = (*ScaffoldUsers)(nil)

// findScaffold is how long a server of the scaffold's is waited for.
const findScaffold = 5 * time.Second

// ScaffoldUsers implements ports.FormerUsers: the collection "users" of the koa
// scaffold's database. Of a document it asks for what it needs, and so never for
// the token in it.
type ScaffoldUsers struct {
	client *mongo.Client
	users  *mongo.Collection
}

// NewScaffoldUsers returns the users in the database that cfg names, and does not
// wait for a server. Its error says nothing of the URI, which may hold a password.
func NewScaffoldUsers(cfg config.Former) (*ScaffoldUsers, error) {
	uri := cfg.URI.Reveal()
	name := databaseOf(uri)
	if name == "" || misread(uri, name) {
		return nil, errors.New("the scaffold's database: want mongodb://host/database, with the database's name, and with what is special in a password escaped")
	}
	how := options.Client().SetAppName("wxlogin-import").
		SetServerSelectionTimeout(findScaffold).SetConnectTimeout(findScaffold).ApplyURI(uri)
	client, err := mongo.Connect(how)
	if err != nil {
		return nil, fmt.Errorf("the scaffold's database: %s", unfit(err))
	}
	return &ScaffoldUsers{client, client.Database(name).Collection("users")}, nil
}

// unfit says why the driver does not take a URI, but nothing that is in it.
func unfit(err error) string {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the servers of a URI of mongodb+srv:// could not be found in DNS"
	}
	return "the URI is not one that the driver takes"
}

// misread reports whether uri, which names that database, may have a part of a
// password in its hosts and behind them: a password that is not escaped ends at its
// first @, or is none where a / is before that, and what follows is taken for the
// servers. An @ alone may be in an option's value.
func misread(uri, database string) bool {
	_, query, _ := strings.Cut(uri, "?")
	_, behind, _ := strings.Cut(query, "@")
	return strings.Contains(database, "@") || strings.Contains(behind, "/")
}

// Close ends the connections.
func (u *ScaffoldUsers) Close(ctx context.Context) error { return u.client.Disconnect(ctx) }

// Count implements ports.FormerUsers.
func (u *ScaffoldUsers) Count(ctx context.Context) (int64, error) {
	_, err := u.collation(ctx)
	if err != nil {
		return 0, fmt.Errorf("the scaffold's database: %w", err)
	}
	n, err := u.users.EstimatedDocumentCount(ctx)
	if err != nil {
		return 0, fmt.Errorf("the scaffold's database: %w", err)
	}
	return n, nil
}

// Records implements ports.FormerUsers, by openid and then by _id. The server
// sorts: the scaffold has no index on openid.
func (u *ScaffoldUsers) Records(ctx context.Context, after string) iter.Seq2[ports.FormerRecord, error] {
	return func(yield func(ports.FormerRecord, error) bool) {
		fail := func(err error) { yield(ports.FormerRecord{}, fmt.Errorf("the scaffold's database: %w", err)) }
		cursor, err := u.open(ctx, after)
		if err != nil {
			fail(err)
			return
		}
		defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
		for cursor.Next(ctx) {
			if !yield(scaffoldRecord(cursor.Current), nil) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			fail(err)
		}
	}
}
