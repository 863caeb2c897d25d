package mongodb

import (
	"time"

	"wxlogin/domain"
)

// sessionDocument is a session as stored. It changes only in ways that older
// versions of this service can read, and what they stored is read here.
type sessionDocument struct {
	Slot string           `bson:"_id"`
	Rest sessionFields    `bson:",inline"`
	Key  domain.SealedKey `bson:"sealed_key,omitempty"`
}

// sessionFields are all that a session without a key replaces in one that has one.
type sessionFields struct {
	ID         domain.SessionID     `bson:"sid"`
	UserID     domain.UserID        `bson:"uid"`
	Identity   domain.IdentityKey   `bson:"identity"`
	AppID      domain.AppID         `bson:"app_id"`
	DeviceID   string               `bson:"device_id,omitempty"`
	DeviceName string               `bson:"device_name,omitempty"`
	Platform   string               `bson:"platform,omitempty"`
	CreatedAt  time.Time            `bson:"created_at"`
	ExpiresAt  time.Time            `bson:"expires_at"`
	AbsoluteAt time.Time            `bson:"absolute_at"`
	EndsAt     time.Time            `bson:"ends_at"` // the earlier of the two; what the TTL index is on
	Family     domain.RefreshFamily `bson:"family,omitempty"`
	Refresh    domain.RefreshHash   `bson:"refresh,omitempty"`
	RotatedAt  time.Time            `bson:"rotated_at,omitempty"`
	Retry      retry                `bson:",inline"`
}

// retry is a domain.LoginRetry as stored.
type retry struct {
	Key     domain.LoginKey    `bson:"retry_key,omitempty"`
	Refresh domain.SealedToken `bson:"retry_sealed,omitempty"`
}

func sessionDocumentOf(s domain.Session) sessionDocument {
	return sessionDocument{s.Slot(), sessionFields{
		ID: s.ID, UserID: s.UserID, Identity: s.Identity, AppID: s.AppID,
		DeviceID: s.Device.ID, DeviceName: s.Device.Name, Platform: s.Device.Platform,
		CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, AbsoluteAt: s.AbsoluteAt, EndsAt: endOf(s),
		Family: s.Family, Refresh: s.Refresh, RotatedAt: s.RotatedAt, Retry: retry(s.Retry),
	}, s.Key}
}

func endOf(s domain.Session) time.Time {
	if s.AbsoluteAt.Before(s.ExpiresAt) {
		return s.AbsoluteAt
	}
	return s.ExpiresAt
}

func (d sessionDocument) session() (domain.Session, error) {
	f := d.Rest
	s := domain.Session{
		ID: f.ID, UserID: f.UserID, Identity: f.Identity, AppID: f.AppID,
		Device:    domain.Device{ID: f.DeviceID, Name: f.DeviceName, Platform: f.Platform},
		CreatedAt: f.CreatedAt, ExpiresAt: f.ExpiresAt, AbsoluteAt: f.AbsoluteAt,
		Family: f.Family, Refresh: f.Refresh, RotatedAt: f.RotatedAt, Retry: domain.LoginRetry(f.Retry), Key: d.Key,
	}
	if s.ID == "" || s.UserID == "" || s.Slot() != d.Slot {
		return domain.Session{}, errMalformed
	}
	return s, nil
}

// successionOf replaces all but the key.
func successionOf(f sessionFields) succession {
	over := fieldsOver{
		f.DeviceName == "", f.Platform == "", f.Family == "", f.Refresh == "",
		f.RotatedAt.IsZero(), f.Retry.Key == "", f.Retry.Refresh == "",
	}
	if over == (fieldsOver{}) {
		return succession{New: f}
	}
	return succession{f, &over}
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	sessionBySlot struct {
		Slot string `bson:"_id"`
	}
	sessionLive struct {
		Slot   string `bson:"_id"`
		EndsAt after  `bson:"ends_at"`
	}
	sessionNotLive struct {
		Slot   string   `bson:"_id"`
		EndsAt notAfter `bson:"ends_at"`
	}
	succession struct {
		New  sessionFields `bson:"$set"`
		Over *fieldsOver   `bson:"$unset,omitempty"` // an empty $unset is an error to some
	}
	// fieldsOver are true where there is nothing any more.
	fieldsOver struct {
		DeviceName  bool `bson:"device_name,omitempty"`
		Platform    bool `bson:"platform,omitempty"`
		Family      bool `bson:"family,omitempty"`
		Refresh     bool `bson:"refresh,omitempty"`
		RotatedAt   bool `bson:"rotated_at,omitempty"`
		RetryKey    bool `bson:"retry_key,omitempty"`
		RetrySealed bool `bson:"retry_sealed,omitempty"`
	}
	sessionInSlot struct {
		Slot string           `bson:"_id"`
		ID   domain.SessionID `bson:"sid"`
	}
	sealedKey struct {
		Key domain.SealedKey `bson:"sealed_key"`
	}
	sessionsByIdentity struct {
		Owner  domain.IdentityKey `bson:"identity"`
		EndsAt after              `bson:"ends_at"`
		Key    notEmpty           `bson:"sealed_key"`
	}
	sessionsByUser struct {
		User   domain.UserID `bson:"uid"`
		EndsAt after         `bson:"ends_at"`
	}
	sessionsByID struct {
		User   domain.UserID `bson:"uid"`
		EndsAt after         `bson:"ends_at"`
		ID     anySession    `bson:"sid"`
	}
	sessionsByFamily struct {
		Family domain.RefreshFamily `bson:"family"`
		EndsAt after                `bson:"ends_at"`
	}
	sessionsByLogin struct {
		Login  domain.LoginKey `bson:"retry_key"`
		EndsAt after           `bson:"ends_at"`
	}
	sessionsNamed struct {
		User domain.UserID `bson:"uid"`
		ID   anySession    `bson:"sid"`
	}
	anySession struct {
		Of []domain.SessionID `bson:"$in"`
	}
	notEmpty struct {
		Than string `bson:"$gt"`
	}
	after struct {
		Time time.Time `bson:"$gt"`
	}
	from struct {
		Time time.Time `bson:"$gte"`
	}
	upTo struct {
		Time time.Time `bson:"$lte"`
	}
	endedBy struct {
		EndsAt upTo `bson:"ends_at"`
	}
)
