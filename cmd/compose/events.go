package compose

import (
	"log/slog"
	"net/http"

	"wxlogin/adapters/httpapi"
	"wxlogin/adapters/wechatevents"
	"wxlogin/config"
	"wxlogin/ports"
)

// eventMounts are the routes of WeChat's message push, two for each app. No limit
// counts them: all of an app's messages come from a few addresses of WeChat's.
func eventMounts(cfg config.Events, events ports.PlatformEventUseCase, log *slog.Logger) []httpapi.Mount {
	var mounts []httpapi.Mount
	for _, app := range cfg.Apps {
		r := wechatevents.New(app, events, httpapi.Describe, log)
		mounts = append(mounts,
			httpapi.Mount{Method: http.MethodGet, Path: r.Path(), Handler: http.HandlerFunc(r.Verify)},
			httpapi.Mount{Method: http.MethodPost, Path: r.Path(), Handler: http.HandlerFunc(r.Deliver)})
	}
	return mounts
}
