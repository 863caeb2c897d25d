package compose

import (
	"net/http"

	"go.uber.org/fx"

	"wxlogin/adapters/httpapi"
	"wxlogin/adapters/wafer"
	"wxlogin/config"
	"wxlogin/domain"
)

// waferRoutes adds Tencent's wafer2 protocol. Its logins count as logins.
func waferRoutes(cfg config.Config) fx.Option {
	return fx.Options(wafer.Module, fx.Supply(cfg.Wafer, wafer.Describe(httpapi.Describe)),
		fx.Supply(wafer.Picture(func(u domain.WeChatUser) string { return httpapi.AvatarURL(cfg.Tokens.Issuer, u) })),
		Mounts(func(p *wafer.Protocol) []httpapi.Mount {
			return []httpapi.Mount{
				{Method: http.MethodGet, Path: wafer.LoginPath, Handler: http.HandlerFunc(p.Login), Limited: true, Refuse: p.RefuseLogin},
				{Method: http.MethodGet, Path: wafer.UserPath, Handler: http.HandlerFunc(p.User), Refuse: p.RefuseUser},
			}
		}))
}
