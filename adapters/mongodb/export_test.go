package mongodb

import "context"

// What tests see of the inside.
var (
	DatabaseOf  = databaseOf
	Meaning     = meaning
	UntilUnique = untilUnique
	Refusing    = refusing
	ByBytes     = byBytes
	// ClientOptions are the options that a store on uri connects with.
	ClientOptions = clientOptions
)

// Update runs a write as that to a server which takes turns, or which does not.
func Update(turns bool) func(context.Context, func(context.Context) error) error {
	var c calls
	if turns {
		c.takeTurns()
	}
	return c.update
}
