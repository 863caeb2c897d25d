package application

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// LoginFinisher does what every way of logging in does once WeChat has vouched for
// the person.
type LoginFinisher struct {
	profiles *ProfileReader
	admitter *UserAdmitter
	sessions *SessionOpener
	phones   *PhoneBinder
	clock    ports.Clock
}

// NewLoginFinisher makes the finisher of its parts.
func NewLoginFinisher(profiles *ProfileReader, admitter *UserAdmitter, sessions *SessionOpener,
	phones *PhoneBinder, clock ports.Clock,
) *LoginFinisher {
	return &LoginFinisher{profiles, admitter, sessions, phones, clock}
}

// finish admits the person and opens the session. All else that the client wants
// comes after: it may fail. The exchange of a login without a code has no key.
func (f *LoginFinisher) finish(ctx context.Context, cmd ports.LoginCommand, exchange ports.CodeExchange) (ports.Login, error) {
	now := f.clock.Now()
	profile, warnings := f.profiles.read(ctx, cmd.OpenData, exchange, now)
	arrived, err := f.admitter.admit(ctx, exchange.Identity, profile, cmd.Silent, now)
	if err != nil {
		return ports.Login{}, err
	}
	acting := arrived.user
	acting.Identity = exchange.Identity
	login, err := f.sessions.open(ctx, cmd, acting, exchange.SessionKey, now)
	if err != nil {
		return ports.Login{}, err
	}
	login.Account, login.NewUser, login.Restored = f.phones.accounts.show(arrived.user), arrived.created, arrived.restored
	if login.Warnings = warnings; !cmd.PhoneCode.Empty() {
		f.bindPhone(ctx, cmd.PhoneCode, exchange.Identity, &login)
	}
	return login, nil
}

// phoneWithin bounds what a phone code may add to a login.
const phoneWithin = 3 * time.Second

// bindPhone binds what a phone code stands for, or adds a warning.
func (f *LoginFinisher) bindPhone(ctx context.Context, code domain.Secret, identity domain.WeChatIdentity, login *ports.Login) {
	ctx, done := context.WithTimeout(ctx, phoneWithin)
	defer done()
	account, err := f.phones.byCode(ctx, login.User, identity, code)
	if err != nil {
		login.Warnings = append(login.Warnings, fmt.Errorf("bind phone: %w", err))
		return
	}
	login.Account = account
}
