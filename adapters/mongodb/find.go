package mongodb

import (
	"context"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// query is a read of several documents.
type query[D, T any] struct {
	calls *calls
	log   *slog.Logger
	find  func(context.Context) (*mongo.Cursor, error)
	read  func(D) (T, error) // what is stored as a D
	whole bool               // a document that is none of ours is an error
}

// all returns what the query finds. A document that is none of ours is passed
// over, and told to the log, unless the query asks for the whole.
func (q query[D, T]) all(ctx context.Context) (found []T, err error) {
	err = q.each(ctx, func(one T) (more bool) {
		found = append(found, one)
		return true
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// each has what the query finds used, as all does, one after the other until
// there is no more use for any.
func (q query[D, T]) each(ctx context.Context, use func(T) (more bool)) (err error) {
	var cursor *mongo.Cursor
	err = q.calls.run(ctx, func(ctx context.Context) (err error) {
		cursor, err = q.find(ctx)
		return err
	})
	if err != nil {
		return meaning(err)
	}
	defer func() { _ = bounded(ctx, cursor.Close) }()
	for {
		more, err := q.next(ctx, cursor)
		if err != nil || !more {
			return meaning(err)
		}
		one, err := q.decode(cursor)
		switch {
		case err != nil && q.whole:
			return err
		case err != nil:
			q.log.WarnContext(ctx, "mongodb: a document is passed over", "error", err)
		case !use(one):
			return nil
		}
	}
}

// next goes on to the next document. Only the first of a batch after the first is
// a command.
func (q query[D, T]) next(ctx context.Context, cursor *mongo.Cursor) (more bool, err error) {
	advance := func(ctx context.Context) error {
		more = cursor.Next(ctx)
		return cursor.Err()
	}
	if cursor.RemainingBatchLength() > 0 || cursor.ID() == 0 {
		err = advance(ctx)
	} else {
		err = q.calls.run(ctx, advance)
	}
	return more, err
}

func (q query[D, T]) decode(cursor *mongo.Cursor) (one T, err error) {
	var stored D
	if err := cursor.Decode(&stored); err != nil {
		return one, err
	}
	return q.read(stored)
}
