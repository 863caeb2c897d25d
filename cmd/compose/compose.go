// Package compose says which adapter stands in which port. It is the only place
// that sees all of them; the binary and the tests start the same composition.
package compose

import (
	"log/slog"
	"net/http"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"wxlogin/adapters/avatars"
	"wxlogin/adapters/erasures"
	"wxlogin/adapters/httpapi"
	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/memory"
	"wxlogin/adapters/mongodb"
	"wxlogin/adapters/revocations"
	"wxlogin/adapters/scaffold"
	"wxlogin/adapters/sealing"
	"wxlogin/adapters/serviceclients"
	"wxlogin/adapters/sqlite"
	"wxlogin/adapters/system"
	"wxlogin/adapters/telemetry"
	"wxlogin/adapters/wechatapi"
	"wxlogin/application"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// Core is the service without its listener: every use case and what it stands
// on. Nothing is opened that nobody asks for.
func Core(cfg config.Config, log *slog.Logger, inside ...fx.Option) fx.Option {
	return fx.Options(
		fx.WithLogger(func() fxevent.Logger { return quiet(log) }),
		fx.StopTimeout(cfg.HTTP.DrainDelay+cfg.HTTP.Stop+5*time.Second),
		fx.Module("wxlogin",
			fx.Supply(log, cfg.WeChat, cfg.MongoDB, cfg.SQLite, cfg.Tokens, cfg.Sealing, cfg.HTTP,
				cfg.Clients, cfg.Admin, cfg.Scaffold, cfg.Events, cfg.Avatars, policy(cfg)),
			application.Module, wechatapi.Module, jwttoken.Module, sealing.Module, system.Module,
			serviceclients.Module, revocations.Module, telemetry.Module, avatars.MakerModule, store(cfg), fx.Options(inside...),
		),
	)
}

// Address returns the host and port that the service listens on, once it does.
type Address func() string

// AdminAddress returns the host and port of the operators' listener, once it
// listens.
type AdminAddress func() string

// Inside is an option that belongs in the service's own module.
type Inside struct{ fx.Option }

// Service is the whole service. It provides its Address and its AdminAddress. More
// options are the root's, unless they are Inside.
func Service(cfg config.Config, log *slog.Logger, more ...fx.Option) fx.Option {
	var inside, beside []fx.Option
	for _, option := range more {
		if in, ok := option.(Inside); ok {
			inside = append(inside, in)
		} else {
			beside = append(beside, option)
		}
	}
	options := []fx.Option{
		Core(cfg, log, inside...), fx.Options(beside...),
		httpapi.Module, erasures.Module,
		fx.Provide(func(s *httpapi.Server) Address { return s.Addr }),
		fx.Provide(func(s *telemetry.Server) AdminAddress { return s.Addr }),
		// In this order: the numbers can be read until the last request is answered.
		fx.Invoke(func(*telemetry.Server) {}, func(*erasures.Job) {}, func(*httpapi.Server) {}),
	}
	if cfg.Scaffold.Enabled {
		options = append(options, Mounts(scaffoldMounts))
	}
	if cfg.Wafer.Enabled {
		options = append(options, waferRoutes(cfg))
	}
	if len(cfg.Events.Apps) > 0 {
		options = append(options, Mounts(eventMounts))
	}
	return fx.Options(options...)
}

// Mounts adds the routes of another inbound adapter: constructor returns a
// []httpapi.Mount.
func Mounts(constructor any) fx.Option {
	return fx.Provide(fx.Annotate(constructor, fx.ResultTags(`group:"mounts,flatten"`)))
}

// store is the one place where a store is chosen, for users and for pictures.
func store(cfg config.Config) fx.Option {
	directory := cfg.Avatars.Dir != ""
	switch {
	case cfg.MongoDB.Used() && directory:
		return fx.Options(mongodb.Module, avatars.StoreModule)
	case cfg.MongoDB.Used():
		return mongodb.ModuleWithAvatars
	case cfg.SQLite.Dir == config.InMemory && directory:
		return fx.Options(memory.Module, avatars.StoreModule)
	case cfg.SQLite.Dir == config.InMemory:
		return fx.Options(memory.Module, memory.AvatarModule)
	}
	return fx.Options(sqlite.Module, avatars.StoreModule)
}

func policy(cfg config.Config) application.Policy {
	s := cfg.Sessions
	const day = 24 * time.Hour
	return application.Policy{
		AccessToken:  s.AccessToken,
		Sessions:     domain.Lifetimes{Idle: s.Idle, Absolute: s.Absolute, Deviceless: day},
		RefreshGrace: s.RefreshGrace,
		OpenDataAge:  s.OpenDataAge,
		CompatToken:  day,
		CoolingOff:   cfg.Accounts.CoolingOff,
		LinkUnionIDs: cfg.Accounts.LinkUnionIDs && len(cfg.WeChat.Apps) > 1, // through one nobody comes twice
		// In dev the simulator's numbers are nobody's.
		ClientsHoldKeys: cfg.Scaffold.SessionKey && !cfg.Simulator.Enabled,
	}
}

func scaffoldMounts(cfg config.Scaffold, login ports.LoginUseCase, caller ports.AuthenticateUseCase,
	account ports.AccountUseCase, log *slog.Logger,
) []httpapi.Mount {
	p := scaffold.New(cfg, login, caller, account, httpapi.Describe, log)
	return []httpapi.Mount{
		{Method: http.MethodGet, Path: scaffold.LoginPath, Handler: http.HandlerFunc(p.Login), Limited: true, Refuse: p.Refuse},
		{Method: http.MethodGet, Path: scaffold.TestPath, Handler: http.HandlerFunc(p.Test)},
	}
}

// quiet keeps fx's account of its wiring for those who debug it. What fails in it
// is returned by Start as well.
func quiet(log *slog.Logger) fxevent.Logger {
	l := &fxevent.SlogLogger{Logger: log}
	l.UseLogLevel(slog.LevelDebug)
	l.UseErrorLevel(slog.LevelDebug)
	return l
}
