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
}

// all returns what the query finds. A document that is none of ours is passed
// over, and told to the log.
func (q query[D, T]) all(ctx context.Context) (found []T, err error) {
	var cursor *mongo.Cursor
	err = q.calls.run(ctx, func(ctx context.Context) (err error) {
		cursor, err = q.find(ctx)
		return err
	})
	if err != nil {
		return nil, meaning(err)
	}
	defer func() { _ = bounded(ctx, cursor.Close) }()
	for {
		more, err := q.next(ctx, cursor)
		if err != nil {
			return nil, meaning(err)
		}
		if !more {
			return found, nil
		}
		one, err := q.decode(cursor)
		if err != nil {
			q.log.WarnContext(ctx, "mongodb: a document is passed over", "error", err)
			continue
		}
		found = append(found, one)
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
