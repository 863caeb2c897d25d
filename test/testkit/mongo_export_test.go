package testkit

// ReplicaSet lets tests see replicaSet.
var ReplicaSet = replicaSet

// WithDatabase is the URI that a test of that name gets from a server's.
func WithDatabase(uri, test string) string { return withDatabase(uri, databaseName(test)) }

// StartMongoContainer tells how startMongoContainer ends where it must fail.
func StartMongoContainer(image string) error {
	server, err := startMongoContainer(image)
	if err == nil {
		server.stop()
	}
	return err
}

// StartStandIn lets tests start a stand-in beside the shared server.
func StartStandIn() (uri string, stop func(), err error) {
	server, err := startStandIn("a test asked for it")
	if err != nil {
		return "", nil, err
	}
	return server.uri, server.stop, nil
}
