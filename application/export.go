package application

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"wxlogin/domain"
	"wxlogin/ports"
)

// maxExported bounds the audit entries that an export lists.
const maxExported = 1000

// ExportUseCase implements ports.ExportUseCase.
type ExportUseCase struct {
	accounts *AccountKeeper
	sessions ports.SessionRepository
	avatars  ports.AvatarStore
	audit    ports.AuditLog
	clock    ports.Clock
}

// NewExportUseCase makes the use case of its parts.
func NewExportUseCase(accounts *AccountKeeper, sessions ports.SessionRepository, avatars ports.AvatarStore,
	audit ports.AuditLog, clock ports.Clock,
) *ExportUseCase {
	return &ExportUseCase{accounts, sessions, avatars, audit, clock}
}

// Export implements ports.ExportUseCase.
func (uc *ExportUseCase) Export(ctx context.Context, caller domain.Caller) (ports.Export, error) {
	export, err := uc.export(ctx, caller)
	if err != nil {
		return ports.Export{}, fmt.Errorf("export: %w", err)
	}
	return export, nil
}

func (uc *ExportUseCase) export(ctx context.Context, caller domain.Caller) (export ports.Export, err error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Export{}, err
	}
	export.Account, export.At = uc.accounts.show(user), uc.clock.Now()
	for _, one := range user.All() {
		export.Identities = append(export.Identities, uc.accounts.show(one))
	}
	if export.Sessions, err = uc.sessions.FindLiveOf(ctx, user.ID, export.At); err != nil {
		return ports.Export{}, err
	}
	if export.Audit, err = uc.lines(ctx, user); err != nil {
		return ports.Export{}, err
	}
	export.Avatar, err = uc.picture(ctx, user.Avatar)
	return export, err
}

// lines returns what was written down of the user, and of those that the user's
// identities were before they became one.
func (uc *ExportUseCase) lines(ctx context.Context, user domain.WeChatUser) ([]domain.AuditEntry, error) {
	lines := map[string]domain.AuditEntry{}
	for _, one := range user.All() {
		found, err := uc.audit.FindEntries(ctx, one.Original(), maxExported)
		if err != nil {
			return nil, err
		}
		for _, line := range found {
			lines[line.ID] = line
		}
	}
	newest := slices.SortedFunc(maps.Values(lines), func(a, b domain.AuditEntry) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return newest[:min(len(newest), maxExported)], nil
}

func (uc *ExportUseCase) picture(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	picture, err := uc.avatars.Get(ctx, name)
	if errors.Is(err, domain.ErrNotFound) { // replaced just now
		return nil, nil
	}
	return picture, err
}
