package mongodb

import (
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// What tests see of the inside.
var (
	DatabaseOf  = databaseOf
	Meaning     = meaning
	UntilUnique = untilUnique
)

// ClientOptions are the options that a store on uri connects with.
func ClientOptions(uri string) *options.ClientOptions {
	return clientOptions(uri, logged{slog.New(slog.DiscardHandler)})
}
