package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// ImportUseCase implements ports.ImportUseCase.
type ImportUseCase struct {
	source  ports.FormerUsers
	users   ports.UserRepository
	imports ports.ImportRepository
	clock   ports.Clock
	entropy ports.Entropy
}

// NewImportUseCase makes the use case of its parts.
func NewImportUseCase(source ports.FormerUsers, users ports.UserRepository, imports ports.ImportRepository,
	clock ports.Clock, entropy ports.Entropy,
) *ImportUseCase {
	return &ImportUseCase{source, users, imports, clock, entropy}
}

// Import implements ports.ImportUseCase.
func (uc *ImportUseCase) Import(ctx context.Context, order ports.ImportOrder, tell func(ports.ImportReport)) (ports.ImportReport, error) {
	total, err := uc.source.Count(ctx)
	if err != nil {
		return ports.ImportReport{After: order.After}, fmt.Errorf("import: %w", err)
	}
	reading := newImporting(order, total)
	for record, err := range uc.source.Records(ctx, order.After) {
		if err != nil {
			return reading.done, fmt.Errorf("import: %w", err)
		}
		if !reading.take(record, uc.clock.Now()) {
			continue
		}
		if err := uc.storeBatch(ctx, reading); err != nil {
			return reading.done, fmt.Errorf("import: %w", err)
		}
		tell(reading.done)
		if err := ctx.Err(); err != nil {
			return reading.done, fmt.Errorf("import: %w", err)
		}
	}
	reading.close()
	if err := uc.storeBatch(ctx, reading); err != nil {
		return reading.done, fmt.Errorf("import: %w", err)
	}
	tell(reading.done)
	return reading.done, nil
}

// storeBatch stores the people who are complete, all at once: stores commit
// writes that wait together in groups. A batch that was begun is ended, whether
// or not ctx is over.
func (uc *ImportUseCase) storeBatch(ctx context.Context, reading *importing) error {
	ctx = context.WithoutCancel(ctx)
	stored, err := inParallel(reading.batch, func(p person) (bool, error) {
		return uc.storePerson(ctx, p, reading.order)
	})
	if err != nil {
		return err
	}
	reading.stored(stored)
	return nil
}

// storePerson stores a person, or finds out whether that would make a user.
func (uc *ImportUseCase) storePerson(ctx context.Context, p person, order ports.ImportOrder) (stored bool, err error) {
	user, _ := p.former.User(domain.UserID(uc.entropy.NewID()), order.AppID, uc.clock.Now())
	if order.DryRun {
		_, err := uc.users.FindByIdentity(ctx, user.Identity.Key())
		if errors.Is(err, domain.ErrNotFound) {
			return true, nil
		}
		return false, err
	}
	return uc.imports.Import(ctx, user)
}
