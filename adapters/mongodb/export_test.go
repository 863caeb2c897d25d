package mongodb

// What tests see of the inside.
var (
	DatabaseOf  = databaseOf
	Meaning     = meaning
	UntilUnique = untilUnique
	// ClientOptions are the options that a store on uri connects with.
	ClientOptions = clientOptions
)
