package httpapi

import (
	"log/slog"

	"go.uber.org/fx"

	"wxlogin/config"
	"wxlogin/ports"
)

// needs is what fx gathers for the server.
type needs struct {
	fx.In

	HTTP         config.HTTP
	Tokens       config.Tokens
	Log          *slog.Logger
	Login        ports.LoginUseCase
	VouchedLogin ports.VouchedLoginUseCase
	Refresh      ports.RefreshUseCase
	Authenticate ports.AuthenticateUseCase
	Account      ports.AccountUseCase
	Export       ports.ExportUseCase
	Profile      ports.ProfileUseCase
	Avatar       ports.AvatarUseCase
	Phone        ports.PhoneUseCase
	Leave        ports.LeaveUseCase

	WeChatSession ports.WeChatSessionUseCase
	PlatformToken ports.PlatformTokenUseCase

	Sessions    ports.ListSessionsUseCase
	Logout      ports.LogoutUseCase
	Introspect  ports.IntrospectUseCase
	RevokeToken ports.RevokeTokenUseCase
	Clients     ports.ServiceClientDirectory
	Keys        ports.VerificationKeys
	Store       ports.Probe
	Platform    ports.PlatformProbe
	Revocations ports.RevocationProbe
	Entropy     ports.Entropy
	Mounts      []Mount `group:"mounts"`
}

func build(n needs) *Server {
	return NewServer(n.HTTP, n.Tokens, n.Log, Parts{
		Login: n.Login, VouchedLogin: n.VouchedLogin, Refresh: n.Refresh, Authenticate: n.Authenticate, Account: n.Account,
		Export: n.Export, Profile: n.Profile, Avatar: n.Avatar, Phone: n.Phone, Leave: n.Leave,
		WeChatSession: n.WeChatSession, PlatformToken: n.PlatformToken,
		Sessions: n.Sessions, Logout: n.Logout, Introspect: n.Introspect, RevokeToken: n.RevokeToken,
		Clients: n.Clients, Keys: n.Keys, Store: n.Store, Platform: n.Platform, Revocations: n.Revocations,
		Entropy: n.Entropy,
	}, n.Mounts)
}

// Module provides the server. It listens once something needs a *Server.
var Module = fx.Module("httpapi",
	fx.Provide(fx.Annotate(build,
		fx.OnStart((*Server).Start),
		fx.OnStop((*Server).Stop),
	)),
)
