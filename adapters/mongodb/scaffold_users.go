package mongodb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
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
		return nil, errors.New("the scaffold's database: the URI is not one that the driver takes")
	}
	return &ScaffoldUsers{client, client.Database(name).Collection("users")}, nil
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
	n, err := u.users.EstimatedDocumentCount(ctx)
	if err != nil {
		return 0, fmt.Errorf("the scaffold's database: %w", err)
	}
	return n, nil
}

// The stages are types, not maps: no value can become an operator.
type (
	matchOpenID struct {
		Match openIDBehind `bson:"$match"`
	}
	openIDBehind struct {
		OpenID greaterThan `bson:"openid"`
	}
	greaterThan struct {
		Than string `bson:"$gt"`
	}
	sortByOpenID struct {
		Sort openIDThenID `bson:"$sort"`
	}
	openIDThenID struct {
		OpenID int `bson:"openid"`
		ID     int `bson:"_id"`
	}
	projectScaffold struct {
		Project scaffoldFields `bson:"$project"`
	}
	scaffoldFields struct {
		OpenID    int `bson:"openid"`
		NickName  int `bson:"nickName"`
		AvatarURL int `bson:"avatarUrl"`
		Avatar    int `bson:"avatar"`
		CreateAt  int `bson:"createAt"`
		UpdateAt  int `bson:"updateAt"`
		UserID    int `bson:"uid"`
		AppID     int `bson:"app_id"`
	}
	documentByID struct {
		ID any `bson:"_id"` // text or a bson.ObjectID
	}
)

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

func (u *ScaffoldUsers) open(ctx context.Context, after string) (*mongo.Cursor, error) {
	one := scaffoldFields{1, 1, 1, 1, 1, 1, 1, 1}
	stages := bson.A{sortByOpenID{openIDThenID{1, 1}}, projectScaffold{one}}
	if after != "" {
		openID, err := u.openIDOf(ctx, after)
		if err != nil {
			return nil, err
		}
		stages = append(bson.A{matchOpenID{openIDBehind{greaterThan{openID}}}}, stages...)
	}
	return u.users.Aggregate(ctx, stages, options.Aggregate().SetAllowDiskUse(true).SetBatchSize(1000))
}

// openIDOf returns the openid of the document that key names.
func (u *ScaffoldUsers) openIDOf(ctx context.Context, key string) (string, error) {
	document, err := u.users.FindOne(ctx, documentByID{idOf(key)}).Raw()
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return "", err
	}
	openID, ok := document.Lookup("openid").StringValueOK()
	if !ok {
		return "", fmt.Errorf("there is no record %q that has an openid", key)
	}
	return openID, nil
}
