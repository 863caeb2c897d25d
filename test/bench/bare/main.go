// Command bare serves the yardstick of the benchmarks. It takes wxlogin's
// settings, and checks, limits and logs nothing.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"wxlogin/config"
	"wxlogin/test/bench/bareserver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	stop()
	if err != nil {
		_, _ = os.Stderr.WriteString("bare: " + err.Error() + "\n")
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, log *slog.Logger) error {
	cfg, err := config.Load(config.Serve, os.LookupEnv)
	if err != nil {
		return err
	}
	stores, closeStores, err := bareserver.OpenStores(ctx, cfg)
	if err != nil {
		return err
	}
	handler, err := bareserver.New(cfg, stores)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.HTTP.Listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	log.InfoContext(ctx, "serving", "address", listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return closeStores(context.WithoutCancel(ctx))
}
