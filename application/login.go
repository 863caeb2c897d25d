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
// and two writes, and no read unless open data needs an older key, the user has
// several identities, or the login is a repetition.
type LoginUseCase struct {
	apps     ports.AppDirectory
	wechat   ports.CodeExchanger
	finisher *LoginFinisher
	retries  *LoginRetrier
}

// finishWithin bounds what is left of a login whose client may have gone.
const finishWithin = 8 * time.Second

// NewLoginUseCase makes the use case of its parts.
func NewLoginUseCase(apps ports.AppDirectory, wechat ports.CodeExchanger, finisher *LoginFinisher, retries *LoginRetrier) *LoginUseCase {
	return &LoginUseCase{apps, wechat, finisher, retries}
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
	return uc.finisher.finish(ctx, cmd, exchange)
}
