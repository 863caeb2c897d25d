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
	profiles *ProfileReader
	admitter *UserAdmitter
	sessions *SessionOpener
	phones   *PhoneBinder
	retries  *LoginRetrier
	clock    ports.Clock
}

// finishWithin bounds what is left of a login whose client may have gone.
const finishWithin = 8 * time.Second

// NewLoginUseCase makes the use case of its parts.
func NewLoginUseCase(apps ports.AppDirectory, wechat ports.CodeExchanger, profiles *ProfileReader, admitter *UserAdmitter,
	sessions *SessionOpener, phones *PhoneBinder, retries *LoginRetrier, clock ports.Clock,
) *LoginUseCase {
	return &LoginUseCase{apps, wechat, profiles, admitter, sessions, phones, retries, clock}
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

// admit admits a person whom WeChat vouches for, and opens the session. All else
// that the client wants comes after: it may fail.
func (uc *LoginUseCase) admit(ctx context.Context, cmd ports.LoginCommand, exchange ports.CodeExchange) (ports.Login, error) {
	now := uc.clock.Now()
	profile, warnings := uc.profiles.read(ctx, cmd.OpenData, exchange, now)
	arrived, err := uc.admitter.admit(ctx, exchange.Identity, profile, now)
	if err != nil {
		return ports.Login{}, err
	}
	acting := arrived.user
	acting.Identity = exchange.Identity
	login, err := uc.sessions.open(ctx, cmd, acting, exchange.SessionKey, now)
	if err != nil {
		return ports.Login{}, err
	}
	login.Account, login.NewUser, login.Restored = uc.phones.accounts.show(arrived.user), arrived.created, arrived.restored
	if login.Warnings = warnings; !cmd.PhoneCode.Empty() {
		uc.bindPhone(ctx, cmd.PhoneCode, exchange.Identity, &login)
	}
	return login, nil
}

// phoneWithin bounds what a phone code may add to a login.
const phoneWithin = 3 * time.Second

// bindPhone binds what a phone code stands for, or adds a warning.
func (uc *LoginUseCase) bindPhone(ctx context.Context, code domain.Secret, identity domain.WeChatIdentity, login *ports.Login) {
	ctx, done := context.WithTimeout(ctx, phoneWithin)
	defer done()
	account, err := uc.phones.byCode(ctx, login.User, identity, code)
	if err != nil {
		login.Warnings = append(login.Warnings, fmt.Errorf("bind phone: %w", err))
		return
	}
	login.Account = account
}
