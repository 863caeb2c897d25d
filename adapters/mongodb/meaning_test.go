package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
)

func TestDriversErrorsAreTranslated(t *testing.T) {
	tests := []struct {
		name       string
		give       error
		wantOutage bool
	}{
		{"nothing", nil, false},
		{"context over", context.Canceled, true},
		{"deadline", fmt.Errorf("server selection error: %w", context.DeadlineExceeded), true},
		{"disconnected", mongo.ErrClientDisconnected, true},
		{"refused", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		{"hung up", fmt.Errorf("connection(h:1): %w", io.EOF), true},
		{"network label", mongo.CommandError{Labels: []string{"NetworkError"}}, true},
		{"retryable write", mongo.CommandError{Code: 1, Labels: []string{"RetryableWriteError"}}, true},
		{"not primary", mongo.CommandError{Code: 10107, Message: "not primary"}, true},
		{"stepped down", mongo.CommandError{Code: 189}, true},
		{"shutting down", mongo.CommandError{Code: 91}, true},
		{"server's time limit", mongo.CommandError{Code: 50}, true},
		{"no majority", mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, true},
		{"majority lost", mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 91}}, true},
		{"no majority for another's", mongo.WriteException{
			WriteErrors:       mongo.WriteErrors{{Code: 11000}},
			WriteConcernError: &mongo.WriteConcernError{Code: 1},
		}, true},
		{"no majority for several", mongo.BulkWriteException{WriteConcernError: &mongo.WriteConcernError{Code: 1}}, true},
		{"several refused", mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: 121}}}}, false},
		{"duplicate key", mongo.CommandError{Code: 11000}, false},
		{"refused document", mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 121}}}, false},
		{"unauthorized", mongo.CommandError{Code: 13}, false},
		{"nothing found", mongo.ErrNoDocuments, false},
		{"anything else", errors.New("else"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := mongodb.Meaning(tt.give)
			if outage := errors.Is(got, domain.ErrStoreUnavailable); outage != tt.wantOutage {
				t.Errorf("outage: got %t (%v), want %t", outage, got, tt.wantOutage)
			}
			// The driver's errors cannot be compared, so errors.Is does not find them.
			if tt.give != nil && !strings.HasSuffix(got.Error(), tt.give.Error()) {
				t.Errorf("cause: got %v, want it to wrap %v", got, tt.give)
			}
		})
	}
}

func TestLostRaceIsRunAgainThreeTimesAtMost(t *testing.T) {
	taken := mongo.CommandError{Code: 11000, Message: `E11000 dup key: { _id: "wx1:canary" }`}
	for losses, wantTries := range map[int]int{0: 1, 1: 2, 2: 3, 9: 3} {
		tries := 0
		err := mongodb.UntilUnique(func() error {
			if tries++; tries <= losses {
				return taken
			}
			return nil
		})
		if tries != wantTries || (err != nil) != (losses >= 3) {
			t.Errorf("%d losses: got %d tries and error %v, want %d tries", losses, tries, err, wantTries)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("the error quotes the key: %v", err)
		}
	}
}
