package bareserver

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/domain"
)

type sessionDocument struct {
	ID         domain.SessionID     `bson:"sid"`
	UserID     domain.UserID        `bson:"uid"`
	Identity   domain.IdentityKey   `bson:"identity"`
	AppID      domain.AppID         `bson:"app_id"`
	DeviceID   string               `bson:"device_id"`
	DeviceName string               `bson:"device_name"`
	Platform   string               `bson:"platform"`
	CreatedAt  time.Time            `bson:"created_at"`
	ExpiresAt  time.Time            `bson:"expires_at"`
	AbsoluteAt time.Time            `bson:"absolute_at"`
	Family     domain.RefreshFamily `bson:"family"`
	Refresh    domain.RefreshHash   `bson:"refresh"`
	RotatedAt  time.Time            `bson:"rotated_at"`
	Key        domain.SealedKey     `bson:"sealed_key"`
}

func (d sessionDocument) session() domain.Session {
	return domain.Session{
		ID: d.ID, UserID: d.UserID, Identity: d.Identity, AppID: d.AppID,
		Device:    domain.Device{ID: d.DeviceID, Name: d.DeviceName, Platform: d.Platform},
		CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, AbsoluteAt: d.AbsoluteAt,
		Family: d.Family, Refresh: d.Refresh, RotatedAt: d.RotatedAt, Key: d.Key,
	}
}

// FindByFamily implements Refreshes.
func (c collections) FindByFamily(ctx context.Context, family domain.RefreshFamily, _ time.Time) (domain.Session, error) {
	var found sessionDocument
	err := c.sessions.FindOne(ctx, bson.M{"family": family}).Decode(&found)
	return found.session(), err
}

// Claim implements Refreshes, for a claim that nobody else makes.
func (c collections) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	document := bson.M{"_id": claim.Parent, "child": claim.Child, "sealed": claim.Sealed, "ends_at": claim.EndsAt}
	_, err := c.claims.InsertOne(ctx, document)
	return claim, err
}

// Renew implements Refreshes.
func (c collections) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	update := bson.M{
		"$set":   bson.M{"refresh": s.Refresh, "rotated_at": s.RotatedAt, "expires_at": s.ExpiresAt, "ends_at": s.ExpiresAt},
		"$unset": bson.M{"retry_key": "", "retry_refresh": ""},
	}
	done, err := c.sessions.UpdateOne(ctx, bson.M{"_id": s.Slot(), "sid": s.ID, "refresh": spent}, update)
	return err == nil && done.ModifiedCount == 1, err
}
