package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
)

// outages are the codes of servers that cannot serve now, and might soon.
// https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
var outages = []int{
	6, 7, 89, 9001, // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
	50, 202, 262, // MaxTimeMSExpired, NetworkInterfaceExceededTimeLimit, ExceededTimeLimit
	64, 100, // WriteConcernTimeout, UnsatisfiableWriteConcern
	91, 11600, // ShutdownInProgress, InterruptedAtShutdown
	133, 134, // FailedToSatisfyReadPreference, ReadConcernMajorityNotAvailableYet
	189, 11602, // PrimarySteppedDown, InterruptedDueToReplStateChange
	10058, 10107, 13435, 13436, // NotWritablePrimary, old and new; NotPrimaryNoSecondaryOk; NotPrimaryOrSecondary
}

// labels are what the driver and servers tie to errors that say the same.
var labels = []string{"NetworkError", "RetryableWriteError", "TransientTransactionError", "SystemOverloadedError"}

// meaning translates the driver's errors: one that says that no server could do
// what was asked, or that nobody knows whether it did, becomes
// domain.ErrStoreUnavailable. The rest stays as it is.
func meaning(err error) error {
	if err == nil || !outage(err) {
		return err
	}
	return fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, err)
}

func outage(err error) bool {
	return unreached(err) || refused(err) || notDurable(err)
}

// unreached: no server heard it or its answer did not come, in the time there was.
func unreached(err error) bool {
	var network net.Error
	var pool interface{ Retryable() bool } // the driver's own, for want of a connection
	return mongo.IsTimeout(err) || errors.Is(err, context.Canceled) ||
		errors.Is(err, mongo.ErrClientDisconnected) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &network) || (errors.As(err, &pool) && pool.Retryable())
}

// refused: a server heard it, and cannot do it now.
func refused(err error) bool {
	var labeled mongo.LabeledError
	if errors.As(err, &labeled) && slices.ContainsFunc(labels, labeled.HasErrorLabel) {
		return true
	}
	var server mongo.ServerError
	return errors.As(err, &server) && slices.ContainsFunc(outages, server.HasErrorCode)
}

// notDurable: it was done, and may be undone.
func notDurable(err error) bool {
	var write mongo.WriteException
	var several mongo.BulkWriteException
	return (errors.As(err, &write) && write.WriteConcernError != nil) ||
		(errors.As(err, &several) && several.WriteConcernError != nil)
}

// errContended hides the driver's error, which quotes the key.
var errContended = errors.New("its place is taken, however often it is tried")

// untilUnique repeats a write by _id that may insert. Of two such writes at once
// one may find the other's document there at the moment of its own insertion, and
// finds it at once the next time.
func untilUnique(write func() error) error {
	for range 3 {
		if err := write(); !mongo.IsDuplicateKeyError(err) {
			return err
		}
	}
	return errContended
}
