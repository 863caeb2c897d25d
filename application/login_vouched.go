package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// VouchedLoginUseCase implements ports.VouchedLoginUseCase. It costs what a login
// with a code does, without the call to WeChat.
type VouchedLoginUseCase struct {
	apps     ports.AppDirectory
	finisher *LoginFinisher
}

// NewVouchedLoginUseCase makes the use case of its parts.
func NewVouchedLoginUseCase(apps ports.AppDirectory, finisher *LoginFinisher) *VouchedLoginUseCase {
	return &VouchedLoginUseCase{apps, finisher}
}

// LoginVouched implements ports.VouchedLoginUseCase.
func (uc *VouchedLoginUseCase) LoginVouched(ctx context.Context, cmd ports.VouchedLoginCommand) (ports.Login, error) {
	login, err := uc.login(ctx, cmd)
	if err != nil {
		return ports.Login{}, fmt.Errorf("login: %w", err)
	}
	return login, nil
}

func (uc *VouchedLoginUseCase) login(ctx context.Context, cmd ports.VouchedLoginCommand) (ports.Login, error) {
	if !cmd.Identity.WellFormed() { // of no app it would become the only app's
		return ports.Login{}, domain.ErrUnknownApp
	}
	if _, err := uc.apps.Resolve(cmd.Identity.AppID); err != nil {
		return ports.Login{}, err
	}
	return uc.finisher.finish(ctx, ports.LoginCommand{Device: cmd.Device, PhoneCode: cmd.PhoneCode},
		ports.CodeExchange{Identity: cmd.Identity})
}
