package sqlite

import (
	"context"
	"fmt"
	"time"

	"wxlogin/ports"
)

var _ ports.Probe = (*Probe)(nil)

// probeTimeout is the port's limit.
const probeTimeout = 2 * time.Second

// Probe implements ports.Probe: it reads from the file. That a full disk takes no
// writes it does not notice; reads go on then, and so may the service.
type Probe struct{ store *Store }

// NewProbe returns the probe of store.
func NewProbe(store *Store) *Probe { return &Probe{store} }

// Check implements ports.Probe.
func (p *Probe) Check(ctx context.Context) error {
	if err := p.store.writer.working(); err != nil {
		return fmt.Errorf("sqlite: probe: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	var version int
	if err := p.store.reads.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version); err != nil {
		return fmt.Errorf("sqlite: probe: %w", meaning(err))
	}
	return nil
}
