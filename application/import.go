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
func (uc *ImportUseCase) Import(ctx context.Context, order ports.ImportOrder, listener ports.ImportListener) (ports.ImportReport, error) {
	total, err := uc.source.Count(ctx)
	if err != nil {
		return ports.ImportReport{After: order.After}, fmt.Errorf("import: %w", err)
	}
	reading := newImporting(order, total, listener)
	storing := &importStoring{store: uc.storeBatch(order), listener: listener, done: reading.snapshot()}
	listener.Progress(storing.done)
	err = uc.readAll(ctx, reading, storing)
	if err = errors.Join(err, storing.wait()); err != nil {
		return storing.done, fmt.Errorf("import: %w", err)
	}
	return storing.done, nil
}

// readAll makes batches of all records, and has each stored while the next is read.
func (uc *ImportUseCase) readAll(ctx context.Context, reading *importing, storing *importStoring) error {
	for record, err := range uc.source.Records(ctx, reading.order.After) {
		if err != nil {
			return err
		}
		if !reading.take(record, uc.clock.Now()) {
			continue
		}
		if err := storing.begin(ctx, reading.batch()); err != nil {
			return err
		}
	}
	reading.close()
	return storing.begin(ctx, reading.batch())
}

// storeBatch stores people, all at once: stores commit writes that wait together
// in groups. It returns how many of them were new.
func (uc *ImportUseCase) storeBatch(order ports.ImportOrder) func(context.Context, []person) (int, error) {
	return func(ctx context.Context, people []person) (newcomers int, err error) {
		return inParallel(people, func(p person) (bool, error) { return uc.storePerson(ctx, p, order) })
	}
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
