package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// RevokeTokenUseCase implements ports.RevokeTokenUseCase.
type RevokeTokenUseCase struct {
	tokens *Inspector
	chains ports.RefreshRepository
	ender  *SessionEnder
	clock  ports.Clock
	events ports.EventSink
}

// NewRevokeTokenUseCase makes the use case of its parts.
func NewRevokeTokenUseCase(tokens *Inspector, chains ports.RefreshRepository, ender *SessionEnder,
	clock ports.Clock, events ports.EventSink,
) *RevokeTokenUseCase {
	return &RevokeTokenUseCase{tokens, chains, ender, clock, events}
}

// RevokeToken implements ports.RevokeTokenUseCase.
func (uc *RevokeTokenUseCase) RevokeToken(ctx context.Context, client domain.ServiceClient, token domain.Secret) error {
	end := uc.endByAccess
	if _, ok := domain.ParseRefreshToken(token); ok {
		end = uc.endByRefresh
	}
	if err := end(ctx, client, token); err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}

// endByAccess ends a session that was revoked already, too: whoever did may not
// have got to remove it.
func (uc *RevokeTokenUseCase) endByAccess(ctx context.Context, client domain.ServiceClient, token domain.Secret) error {
	what, err := uc.tokens.verify(ctx, token)
	if err != nil || !client.Serves(what.AppID) {
		return nil //nolint:nilerr // RFC 7009 section 2.2: a token that is worth nothing is no error
	}
	if err := uc.ender.endOwn(ctx, what.Caller, uc.clock.Now()); err != nil {
		return err
	}
	uc.report(ctx, what.Caller)
	return nil
}

func (uc *RevokeTokenUseCase) endByRefresh(ctx context.Context, client domain.ServiceClient, token domain.Secret) error {
	refresh, _ := domain.ParseRefreshToken(token)
	now := uc.clock.Now()
	session, err := uc.chains.FindByFamily(ctx, refresh.Family(), now)
	if errors.Is(err, domain.ErrNotFound) || (err == nil && !client.Serves(session.AppID)) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := uc.ender.end(ctx, session, now); err != nil {
		return err
	}
	uc.report(ctx, domain.Caller{UserID: session.UserID, SessionID: session.ID, AppID: session.AppID})
	return nil
}

func (uc *RevokeTokenUseCase) report(ctx context.Context, of domain.Caller) {
	uc.events.Report(ctx, domain.Event{Name: domain.EventSessionRevoked, UserID: of.UserID, SessionID: of.SessionID, AppID: of.AppID})
}
