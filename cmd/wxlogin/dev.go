package main

import (
	"context"
	"fmt"
	"time"

	"wxlogin/cmd/compose"
	"wxlogin/config"
)

// runDev is "wxlogin dev": the service, SQLite and the simulator, on loopback.
func runDev(ctx context.Context, env environment, _ []string) int {
	cfg, log, ok := load(config.Dev, env)
	if !ok {
		return exitUsage
	}
	cfg, simulator, err := compose.StartSimulator(cfg)
	if err != nil {
		log.ErrorContext(ctx, "the simulator cannot start", "cause", err)
		return exitFailed
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = simulator.Stop(ending) // it is the end anyway
	}()
	return runService(ctx, cfg, log, func(address, _ string) {
		_, _ = fmt.Fprintf(env.stdout, banner, address, cfg.WeChat.BaseURL, simulator.ManageURL, storeName(cfg), loginLine(cfg, address, simulator.ManageURL))
	}, compose.Playground(cfg, simulator))
}

// banner says what runs where, and how to log in.
const banner = `
wxlogin is up, on this machine only.

  service     http://%s        open it in a browser to log in there
  WeChat      %s  (simulated)
  simulator   %s/sim/  its management, and help
  store       %s

Log a user in:

  %s

`

// loginLine logs in through the first mini program, which a request must name where
// there are more. The command substitution gets a code of it, as wx.login would.
func loginLine(cfg config.Config, address, simulator string) string {
	app := ""
	if len(cfg.WeChat.Apps) > 1 {
		app = fmt.Sprintf(`\"appId\":\"%s\",`, cfg.WeChat.Apps[0].ID)
	}
	return fmt.Sprintf(`curl -s http://%s/v1/login -H 'Content-Type: application/json' -d "{%s\"code\":\"$(curl -s -X POST %s/sim/code)\"}"`,
		address, app, simulator)
}

func storeName(cfg config.Config) string {
	if cfg.MongoDB.Used() || cfg.SQLite.Dir == config.InMemory {
		return compose.StoreName(cfg)
	}
	return "SQLite in " + cfg.SQLite.Dir
}
