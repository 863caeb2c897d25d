package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// LoginUseCase implements ports.LoginUseCase. A login costs one call to WeChat
// and two writes, and no read unless open data needs an older key or the login is
// a repetition.
type LoginUseCase struct {
	apps     ports.AppDirectory
	wechat   ports.CodeExchanger
	profiles *ProfileReader
	users    ports.UserRepository
	sessions *SessionOpener
	retries  *LoginRetrier
	clock    ports.Clock
	ids      ports.Entropy
}

// finishWithin bounds what is left of a login whose client may have gone.
const finishWithin = 8 * time.Second

// NewLoginUseCase makes the use case of its parts.
func NewLoginUseCase(apps ports.AppDirectory, wechat ports.CodeExchanger, profiles *ProfileReader,
	users ports.UserRepository, sessions *SessionOpener, retries *LoginRetrier, clock ports.Clock, ids ports.Entropy,
) *LoginUseCase {
	return &LoginUseCase{apps, wechat, profiles, users, sessions, retries, clock, ids}
}

// Login implements ports.LoginUseCase.
func (uc *LoginUseCase) Login(ctx context.Context, cmd ports.LoginCommand) (ports.Login, error) {
	login, err := uc.login(ctx, cmd)
	if err != nil {
		return ports.Login{}, fmt.Errorf("login: %w", err)
	}
	return login, nil
}

func (uc *LoginUseCase) login(ctx context.Context, cmd ports.LoginCommand) (ports.Login, error) {
	app, err := uc.apps.Resolve(cmd.AppID)
	if err != nil {
		return ports.Login{}, err
	}
	exchange, err := uc.wechat.ExchangeCode(ctx, app, cmd.Code)
	switch {
	case errors.Is(err, domain.ErrCodeUsed) && !cmd.IdempotencyKey.Empty():
		return uc.retries.repeat(ctx, app, cmd)
	case err != nil:
		return ports.Login{}, err
	}
	if !cmd.IdempotencyKey.Empty() {
		// The code is spent: for a client that left and asks again, the session
		// must be there.
		var done context.CancelFunc
		ctx, done = context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
		defer done()
	}
	return uc.admit(ctx, cmd, exchange)
}

// admit records the visit of a person whom WeChat vouches for, and opens the
// session.
func (uc *LoginUseCase) admit(ctx context.Context, cmd ports.LoginCommand, exchange ports.CodeExchange) (ports.Login, error) {
	now := uc.clock.Now()
	profile, warnings := uc.profiles.read(ctx, cmd.OpenData, exchange, now)
	visitor := domain.NewWeChatUser(domain.UserID(uc.ids.NewID()), exchange.Identity, profile, now)
	user, created, err := uc.users.RecordLogin(ctx, visitor)
	if err != nil {
		return ports.Login{}, err
	}
	if err := user.Admit(); err != nil {
		return ports.Login{}, err
	}
	login, err := uc.sessions.open(ctx, cmd, user, exchange.SessionKey, now)
	if err != nil {
		return ports.Login{}, err
	}
	login.User, login.NewUser, login.Warnings = user, created, warnings
	return login, nil
}
