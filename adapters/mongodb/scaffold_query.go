package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

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
	openIDAlone struct {
		OpenID int `bson:"openid"`
		ID     int `bson:"_id"`
	}
	documentByID struct {
		ID any `bson:"_id"` // text or a bson.ObjectID
	}
)

func (u *ScaffoldUsers) open(ctx context.Context, after string) (*mongo.Cursor, error) {
	collation, err := u.collation(ctx)
	if err != nil {
		return nil, err
	}
	one := scaffoldFields{1, 1, 1, 1, 1, 1, 1, 1}
	stages := bson.A{sortByOpenID{openIDThenID{1, 1}}, projectScaffold{one}}
	if after != "" {
		openID, err := u.openIDOf(ctx, after, collation)
		if err != nil {
			return nil, err
		}
		stages = append(bson.A{matchOpenID{openIDBehind{greaterThan{openID}}}}, stages...)
	}
	how := options.Aggregate().SetAllowDiskUse(true).SetBatchSize(1000)
	if collation != nil {
		how.SetCollation(collation)
	}
	return u.users.Aggregate(ctx, stages, how)
}

// openIDOf returns the openid of the document that key names.
func (u *ScaffoldUsers) openIDOf(ctx context.Context, key string, collation *options.Collation) (string, error) {
	how := options.FindOne().SetProjection(openIDAlone{1, 0})
	if collation != nil {
		how.SetCollation(collation)
	}
	document, err := u.users.FindOne(ctx, documentByID{idOf(key)}, how).Raw()
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return "", err
	}
	openID, ok := document.Lookup("openid").StringValueOK()
	if !ok {
		return "", fmt.Errorf("there is no record %q that has an openid", key)
	}
	return openID, nil
}

// collation is how to compare in the collection, or nil where it does so itself, or
// nobody knows. An error says that there is none.
func (u *ScaffoldUsers) collation(ctx context.Context) (*options.Collation, error) {
	found, known, err := listed(ctx, u.users.Database(), u.users.Name())
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		if known {
			err = fmt.Errorf("there is no collection %q in the database", u.users.Name())
		}
		return nil, err
	}
	return byBytes(found[0].Options), nil
}
