package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"wxlogin/ports"
)

var _ ports.Probe = (*Probe)(nil)

// answerWithin keeps Check inside the two seconds that its port allows.
const answerWithin = 1800 * time.Millisecond

// Probe implements ports.Probe: the store is within reach if a server that takes
// writes answers.
type Probe struct {
	client *mongo.Client
}

// NewProbe returns the probe of s.
func NewProbe(s *Store) *Probe { return &Probe{client: s.client} }

// Check implements ports.Probe.
func (p *Probe) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := p.client.Ping(ctx, readpref.Primary()); err != nil {
		return fmt.Errorf("mongodb: check: %w", meaning(err))
	}
	return nil
}
