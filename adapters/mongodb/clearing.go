package mongodb

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
)

// The filters and updates are types, not maps: no value can become an operator.
type (
	nicknameUpTo struct {
		Key domain.IdentityKey `bson:"_id"`
		At  *notAfter          `bson:"nickname_at,omitempty"`
	}
	avatarUpTo struct {
		Key domain.IdentityKey `bson:"_id"`
		At  *notAfter          `bson:"avatar_at,omitempty"`
	}
	phoneUpTo struct {
		Key domain.IdentityKey `bson:"_id"`
		At  *notAfter          `bson:"phone_at,omitempty"`
	}
	// notAfter finds times, and also the lack of one.
	notAfter struct {
		Not after `bson:"$not"`
	}
	avatar struct {
		URL  string            `bson:"avatar_url"`
		Name domain.AvatarName `bson:"avatar"`
		At   time.Time         `bson:"avatar_at"`
	}
)

// clearing are the writes that remove the attributes that were learned up to then,
// a write for each: it looks at the time when it removes.
func clearing(key domain.IdentityKey, what domain.Attributes, upTo time.Time) (writes []mongo.WriteModel) {
	var when *notAfter
	if !upTo.IsZero() {
		when = &notAfter{after{upTo}}
	}
	for _, part := range []struct {
		attribute      domain.Attributes
		filter, fields any
	}{
		{domain.NicknameAttribute, nicknameUpTo{key, when}, nickname{}},
		{domain.AvatarAttribute, avatarUpTo{key, when}, avatar{}},
		{domain.PhoneAttribute, phoneUpTo{key, when}, sealedPhone{}},
	} {
		if what.Has(part.attribute) {
			writes = append(writes, mongo.NewUpdateOneModel().SetFilter(part.filter).SetUpdate(unset{part.fields}))
		}
	}
	return writes
}
