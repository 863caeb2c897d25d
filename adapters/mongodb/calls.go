package mongodb

import "context"

// run runs one command and gives it callServer at most, however long the caller
// would wait: a request wants to be answered, and the next one wants its
// connection.
func run(ctx context.Context, command func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callServer)
	defer cancel()
	return command(ctx)
}

// write runs a write by _id that may insert, and again where the insertion met
// another's.
func write(ctx context.Context, command func(context.Context) error) error {
	return run(ctx, func(ctx context.Context) error {
		return untilUnique(func() error { return command(ctx) })
	})
}
