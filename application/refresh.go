package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// refreshRounds is how often a refresh looks again when it finds that others have
// moved the session on. Each round means that one of them got further.
const refreshRounds = 4

// claimLives is how long a claim is kept beyond the grace period: longer than any
// refresh is under way.
const claimLives = 10 * time.Minute

// RefreshUseCase implements ports.RefreshUseCase. A refresh costs two reads and
// two writes; who repeats one pays three reads.
//
// The session holds the hash of its one unspent token. Whoever spends that first
// stores a claim, an insertion that only one can make, on what the child is; then
// the session moves on to the child; and only then the child is handed out. So
// any number of requests with one token hand out one child, wherever they run and
// wherever they stop.
type RefreshUseCase struct {
	chains ports.RefreshRepository
	users  ports.UserRepository
	ender  *SessionEnder
	grants *Granter
	clock  ports.Clock
	ids    ports.Entropy
	events ports.EventSink
	policy Policy
}

// NewRefreshUseCase makes the use case of its parts.
func NewRefreshUseCase(chains ports.RefreshRepository, users ports.UserRepository, ender *SessionEnder, grants *Granter,
	clock ports.Clock, ids ports.Entropy, events ports.EventSink, policy Policy,
) *RefreshUseCase {
	return &RefreshUseCase{chains, users, ender, grants, clock, ids, events, policy}
}

// errMoved says that the session is not any more what it was when it was read.
var errMoved = errors.New("the session has moved on")

// Refresh implements ports.RefreshUseCase.
func (uc *RefreshUseCase) Refresh(ctx context.Context, text domain.Secret) (ports.Refreshed, error) {
	token, ok := domain.ParseRefreshToken(text)
	if !ok {
		return ports.Refreshed{}, uc.refuse(ctx, domain.EventRefreshUnknown, domain.Session{})
	}
	var refreshed ports.Refreshed
	err := errMoved
	for round := 0; round < refreshRounds && errors.Is(err, errMoved); round++ {
		refreshed, err = uc.refresh(ctx, token)
	}
	if errors.Is(err, errMoved) {
		err = fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, err)
	}
	if err != nil {
		return ports.Refreshed{}, fmt.Errorf("refresh: %w", err)
	}
	return refreshed, nil
}

func (uc *RefreshUseCase) refresh(ctx context.Context, token domain.RefreshToken) (ports.Refreshed, error) {
	now := uc.clock.Now()
	session, err := uc.chains.FindByFamily(ctx, token.Family(), now)
	if errors.Is(err, domain.ErrNotFound) {
		return ports.Refreshed{}, uc.refuse(ctx, domain.EventRefreshUnknown, session)
	}
	if err != nil {
		return ports.Refreshed{}, err
	}
	if err := uc.admitted(ctx, session); err != nil {
		return ports.Refreshed{}, err
	}
	if uc.ender.half(session) {
		return ports.Refreshed{}, uc.end(ctx, session, domain.EventRefreshUnknown, now)
	}
	claim := domain.RefreshClaim{}
	if token.Hash() != session.Refresh {
		claim, err = uc.chains.FindClaim(ctx, token.Hash())
		if err != nil && !errors.Is(err, domain.ErrNotFound) {
			return ports.Refreshed{}, err
		}
	}
	switch session.Judge(token.Hash(), claim, uc.policy.RefreshGrace, now) {
	case domain.Current:
		return uc.rotate(ctx, session, token, now)
	case domain.Repeated:
		return uc.repeat(ctx, session, token, claim, now)
	}
	// Two have the token, and nobody knows who of them is the thief.
	return ports.Refreshed{}, uc.end(ctx, session, domain.EventRefreshReused, now)
}

// admitted returns an error unless the session's user is there and may act.
func (uc *RefreshUseCase) admitted(ctx context.Context, session domain.Session) error {
	user, err := uc.users.Find(ctx, session.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		return uc.refuse(ctx, domain.EventRefreshUnknown, session)
	}
	if err != nil {
		return err
	}
	if err := user.Admit(); err != nil {
		uc.report(ctx, domain.EventRefreshBanned, session)
		return err
	}
	if !user.DeletionAt.IsZero() { // who leaves comes back by logging in
		return uc.refuse(ctx, domain.EventRefreshUnknown, session)
	}
	return nil
}

// rotate spends token, which is the session's current one.
func (uc *RefreshUseCase) rotate(ctx context.Context, session domain.Session, token domain.RefreshToken, now time.Time) (ports.Refreshed, error) {
	child, hash, err := uc.claim(ctx, token, now)
	if err != nil {
		return ports.Refreshed{}, err
	}
	session = session.Renewed(hash, uc.policy.Sessions, now)
	moved, err := uc.chains.Renew(ctx, session, token.Hash())
	if err != nil {
		return ports.Refreshed{}, err
	}
	if !moved { // by another who follows the same claim, or to its end
		return ports.Refreshed{}, errMoved
	}
	uc.report(ctx, domain.EventRefreshed, session)
	return uc.hand(ctx, session, child, now)
}

// claim returns the one child that token has from now on, and its hash. A claim
// that cannot be read costs a refresh, not the session: that has not moved on yet.
func (uc *RefreshUseCase) claim(ctx context.Context, token domain.RefreshToken, now time.Time) (domain.Secret, domain.RefreshHash, error) {
	child := token.Child(uc.ids.NewToken())
	sealed, err := sealToken(child.Secret(), token.Secret())
	if err != nil {
		return domain.Secret{}, "", err
	}
	ours := domain.RefreshClaim{
		Parent: token.Hash(), Child: child.Hash(), Sealed: sealed, EndsAt: now.Add(uc.policy.RefreshGrace + claimLives),
	}
	claim, err := uc.chains.Claim(ctx, ours)
	if err != nil {
		return domain.Secret{}, "", err
	}
	if claim.Child == ours.Child {
		return child.Secret(), ours.Child, nil
	}
	text, err := openToken(claim.Sealed, token.Secret())
	return text, claim.Child, err
}

// repeat answers with the child that token, spent just now, has.
func (uc *RefreshUseCase) repeat(ctx context.Context, session domain.Session, token domain.RefreshToken, claim domain.RefreshClaim, now time.Time) (ports.Refreshed, error) {
	child, err := openToken(claim.Sealed, token.Secret())
	if err != nil {
		return ports.Refreshed{}, err
	}
	uc.report(ctx, domain.EventRefreshRepeated, session)
	return uc.hand(ctx, session, child, now)
}

// hand returns the tokens of a session that has moved on to child.
func (uc *RefreshUseCase) hand(ctx context.Context, session domain.Session, child domain.Secret, now time.Time) (ports.Refreshed, error) {
	tokens, err := uc.grants.tokens(ctx, session, child, now)
	return ports.Refreshed{Session: session, Tokens: tokens, At: now}, err
}

// end ends a session that must not be renewed, and refuses to.
func (uc *RefreshUseCase) end(ctx context.Context, session domain.Session, why domain.EventName, now time.Time) error {
	if err := uc.ender.end(ctx, session, now); err != nil {
		return err
	}
	return uc.refuse(ctx, why, session)
}

// refuse reports why, and tells the client nothing of it.
func (uc *RefreshUseCase) refuse(ctx context.Context, why domain.EventName, session domain.Session) error {
	uc.report(ctx, why, session)
	return fmt.Errorf("%w: %s", domain.ErrRefreshInvalid, why)
}

func (uc *RefreshUseCase) report(ctx context.Context, name domain.EventName, s domain.Session) {
	uc.events.Report(ctx, domain.Event{Name: name, UserID: s.UserID, SessionID: s.ID, AppID: s.AppID})
}
