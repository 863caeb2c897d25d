package mongodb

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
)

// claimed inserts claim, and returns it, or what find finds to be there already.
// An insertion that meets another's claim waits, as one that succeeds does, until
// that is with a majority: what is read then stays. What was met, and is gone when
// it is looked for, leaves its place to a further try.
func claimed[C any](claim C, insert func() error, find func() (C, error)) (standing C, err error) {
	for range 3 {
		err := insert()
		if err == nil {
			return claim, nil
		}
		if !mongo.IsDuplicateKeyError(err) || notDurable(err) {
			return standing, meaning(err)
		}
		found, err := find()
		if !errors.Is(err, domain.ErrNotFound) {
			return found, err
		}
	}
	return standing, errContended
}
