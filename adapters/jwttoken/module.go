package jwttoken

import (
	"log/slog"

	"go.uber.org/fx"

	"wxlogin/config"
	"wxlogin/ports"
)

// Module plugs signed tokens into their ports. The keyring is private: nothing
// outside this package can reach a key. What it warns of is logged once. While
// the service runs it follows its directory.
var Module = fx.Module("jwttoken",
	fx.Provide(fx.Private, fx.Annotate(open, fx.OnStart((*Keyring).Follow), fx.OnStop((*Keyring).Stop))),
	fx.Provide(
		fx.Annotate(NewAccessTokenIssuer, fx.As(new(ports.AccessTokenIssuer))),
		fx.Annotate(NewAccessTokenVerifier, fx.As(new(ports.AccessTokenVerifier))),
		fx.Annotate(NewVerificationKeys, fx.As(new(ports.VerificationKeys))),
	),
)

func open(cfg config.Tokens, log *slog.Logger) (*Keyring, error) {
	keys, err := LoadKeys(cfg)
	if err != nil {
		return nil, err
	}
	for _, warning := range keys.Warnings {
		log.Warn("signing key", "warning", warning)
	}
	return keys, nil
}
