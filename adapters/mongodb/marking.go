package mongodb

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
)

// marking gives all identities of a user a time, unless they have an earlier one,
// or takes it away.
type marking struct {
	user     userByID
	unmarked any // the filter of those of the user that have no time
	time     any // the field, with the time in it
	away     bool
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	bannedAt struct {
		At time.Time `bson:"banned_at"`
	}
	userUnbanned struct {
		ID domain.UserID `bson:"uid"`
		At noTime        `bson:"banned_at"`
	}
	deletedAt struct {
		At time.Time `bson:"delete_at"`
	}
	userStaying struct {
		ID domain.UserID `bson:"uid"`
		At noTime        `bson:"delete_at"`
	}
	noTime struct {
		Not ofType `bson:"$not"`
	}
	ofType struct {
		Name string `bson:"$type"`
	}
	set struct {
		Fields any `bson:"$set"`
	}
	unset struct {
		Fields any `bson:"$unset"`
	}
	earliest struct {
		Fields any `bson:"$min"`
	}
)

// absent is a field without a time, or with what a hand wrote there instead, which
// $min would take for earlier than any.
var absent = noTime{ofType{"date"}}

func ban(id domain.UserID, at time.Time) marking {
	return marking{userByID{id}, userUnbanned{id, absent}, bannedAt{at}, at.IsZero()}
}

func deletion(id domain.UserID, at time.Time) marking {
	return marking{userByID{id}, userStaying{id, absent}, deletedAt{at}, at.IsZero()}
}

// writes are the marking's. The last of them is done to all identities.
func (m marking) writes() []mongo.WriteModel {
	write := func(filter, update any) mongo.WriteModel {
		return mongo.NewUpdateManyModel().SetFilter(filter).SetUpdate(update)
	}
	if m.away {
		return []mongo.WriteModel{write(m.user, unset{m.time})}
	}
	return []mongo.WriteModel{write(m.unmarked, set{m.time}), write(m.user, earliest{m.time})}
}
