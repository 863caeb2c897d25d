package bareserver

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"wxlogin/config"
	"wxlogin/domain"
)

// collections are the documents of wxlogin's MongoDB store, written as one would
// in a handler, and as durably.
type collections struct{ users, sessions, claims *mongo.Collection }

func openMongoDB(ctx context.Context, cfg config.Config) (Stores, func(context.Context) error, error) {
	uri := cfg.MongoDB.URI.Reveal()
	named, err := url.Parse(uri)
	if err != nil {
		return Stores{}, nil, err
	}
	journaled := true
	durable := &writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: &journaled}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetWriteConcern(durable))
	if err != nil {
		return Stores{}, nil, err
	}
	db := client.Database(strings.TrimPrefix(named.Path, "/"))
	c := collections{db.Collection("users"), db.Collection("sessions"), db.Collection("refresh_claims")}
	return Stores{c, c, c}, client.Disconnect, c.index(ctx)
}

// index makes the indexes that wxlogin has on a server without TTL, so that the
// server has the same work.
func (c collections) index(ctx context.Context) error {
	newest := bson.D{{Key: "created_at", Value: -1}, {Key: "sid", Value: -1}}
	byID := bson.D{{Key: "uid", Value: 1}}
	var errs []error
	for _, i := range []struct {
		in   *mongo.Collection
		name string
		keys bson.D
		how  *options.IndexOptionsBuilder
	}{
		{c.users, "uid", byID, options.Index()},
		{c.sessions, "identity_newest", append(bson.D{{Key: "identity", Value: 1}}, newest...), options.Index()},
		{c.sessions, "uid_newest", append(byID, newest...), options.Index()},
		{c.sessions, "family", bson.D{{Key: "family", Value: 1}}, options.Index().SetSparse(true)},
		{c.sessions, "retry_key", bson.D{{Key: "retry_key", Value: 1}}, options.Index().SetSparse(true)},
	} {
		_, err := i.in.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: i.keys, Options: i.how.SetName(i.name)})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

type userDocument struct {
	ID          domain.UserID  `bson:"uid"`
	AppID       domain.AppID   `bson:"app_id"`
	OpenID      domain.OpenID  `bson:"openid"`
	UnionID     domain.UnionID `bson:"unionid"`
	Nickname    string         `bson:"nickname"`
	AvatarURL   string         `bson:"avatar_url"`
	CreatedAt   time.Time      `bson:"created_at"`
	LastLoginAt time.Time      `bson:"last_login_at"`
}

func (d userDocument) user() domain.WeChatUser {
	return domain.WeChatUser{
		ID: d.ID, Identity: domain.WeChatIdentity{AppID: d.AppID, OpenID: d.OpenID, UnionID: d.UnionID},
		Profile: domain.Profile{Nickname: d.Nickname, AvatarURL: d.AvatarURL}, CreatedAt: d.CreatedAt, LastLoginAt: d.LastLoginAt,
	}
}

// RecordLogin implements Users.
func (c collections) RecordLogin(ctx context.Context, v domain.WeChatUser) (domain.WeChatUser, bool, error) {
	var found userDocument
	update := bson.M{
		"$setOnInsert": bson.M{"uid": v.ID, "app_id": v.Identity.AppID, "openid": v.Identity.OpenID, "created_at": v.CreatedAt},
		"$max":         bson.M{"last_login_at": v.LastLoginAt},
	}
	how := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	err := c.users.FindOneAndUpdate(ctx, bson.M{"_id": v.Identity.Key()}, update, how).Decode(&found)
	return found.user(), found.ID == v.ID, err
}

// Find implements Users.
func (c collections) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	var found userDocument
	err := c.users.FindOne(ctx, bson.M{"uid": id}).Decode(&found)
	return found.user(), err
}

// Save implements Sessions.
func (c collections) Save(ctx context.Context, s domain.Session) error {
	document := bson.M{
		"sid": s.ID, "uid": s.UserID, "identity": s.Identity, "app_id": s.AppID,
		"device_id": s.Device.ID, "device_name": s.Device.Name, "platform": s.Device.Platform,
		"created_at": s.CreatedAt, "expires_at": s.ExpiresAt, "absolute_at": s.AbsoluteAt, "ends_at": s.ExpiresAt,
		"family": s.Family, "refresh": s.Refresh, "sealed_key": s.Key,
	}
	_, err := c.sessions.ReplaceOne(ctx, bson.M{"_id": s.Slot()}, document, options.Replace().SetUpsert(true))
	return err
}
