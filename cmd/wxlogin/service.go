package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"go.uber.org/dig"
	"go.uber.org/fx"

	"wxlogin/cmd/compose"
	"wxlogin/config"
)

// load reads the settings of mode and makes the logger that they ask for. Where
// something is wrong it has said so already, and ok is false.
func load(mode config.Mode, env environment) (cfg config.Config, log *slog.Logger, ok bool) {
	cfg, err := config.Load(mode, env.lookup)
	if err != nil {
		_, _ = fmt.Fprintf(env.stderr, "wxlogin: these settings are wrong:\n%v\n", err)
		return cfg, nil, false
	}
	return cfg, newLog(cfg.Log, env), true
}

func newLog(cfg config.Log, env environment) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Level}
	if cfg.Format == "json" || (cfg.Format == "auto" && !terminal(env.stderr)) {
		return slog.New(slog.NewJSONHandler(env.stderr, options))
	}
	return slog.New(slog.NewTextHandler(env.stderr, options))
}

func terminal(w any) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// runServe is "wxlogin serve".
func runServe(ctx context.Context, env environment, _ []string) int {
	cfg, log, ok := load(config.Serve, env)
	if !ok {
		return exitUsage
	}
	spareTheProcessor(env)
	return runService(ctx, cfg, log, func(address, admin string) {
		log.InfoContext(ctx, "serving", "address", address, "admin", admin, "apps", len(cfg.WeChat.Apps), "mongodb", cfg.MongoDB.Used())
	})
}

// garbagePercent is how much the heap may grow before it is collected. It is small
// here: at the runtime's own 100 it would be collected many times a second.
const garbagePercent = 300

// spareTheProcessor trades some memory for it, unless the operator has a say
// about either.
func spareTheProcessor(env environment) {
	_, percent := env.lookup("GOGC")
	_, limit := env.lookup("GOMEMLIMIT")
	if !percent && !limit {
		debug.SetGCPercent(garbagePercent)
	}
}

// runService runs the service until ctx ends, with all that options add to it.
// started is called once it listens, with both addresses.
func runService(ctx context.Context, cfg config.Config, log *slog.Logger, started func(address, admin string), options ...fx.Option) int {
	cfg, made, err := compose.PrepareKeys(cfg)
	if err != nil {
		log.ErrorContext(ctx, "keys cannot be made", "cause", err)
		return exitFailed
	}
	for _, path := range made {
		log.InfoContext(ctx, "made a key", "path", path)
	}
	for _, warning := range cfg.Warnings {
		log.WarnContext(ctx, warning)
	}
	var address compose.Address
	var admin compose.AdminAddress
	app := fx.New(compose.Service(cfg, log, options...), fx.Populate(&address, &admin))
	if err := app.Start(ctx); err != nil {
		log.ErrorContext(ctx, "the service cannot start", "cause", dig.RootCause(err).Error())
		return exitFailed
	}
	started(address(), admin())
	select {
	case <-ctx.Done():
	case <-app.Done():
	}
	log.InfoContext(context.WithoutCancel(ctx), "stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), app.StopTimeout())
	defer cancel()
	if err := app.Stop(stopping); err != nil && !errors.Is(err, context.Canceled) {
		log.ErrorContext(stopping, "the service did not stop cleanly", "cause", err)
		return exitFailed
	}
	return 0
}
