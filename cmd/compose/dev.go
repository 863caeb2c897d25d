package compose

import (
	"fmt"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
)

// Simulator is a WeChat of our own that listens.
type Simulator struct {
	*wechatsim.Simulator
	*wechatsim.Server
}

// devSeed lets people be who they were at the last start, for their users are
// kept.
const devSeed = "wxlogin dev"

// StartSimulator starts a simulator for cfg's apps, on loopback, and returns cfg
// with its address. The caller ends it with Stop.
func StartSimulator(cfg config.Config) (config.Config, Simulator, error) {
	simulator, err := wechatsim.New(wechatsim.Config{Apps: SimulatedApps(cfg), Seed: devSeed, Service: cfg.HTTP.LocalURL()})
	if err != nil {
		return cfg, Simulator{}, err
	}
	server, err := simulator.Start("127.0.0.1:0", cfg.Simulator.ManageListen)
	if err != nil { // the platform takes any port: it is the other that cannot be had
		return cfg, Simulator{}, fmt.Errorf("SIM_LISTEN: %w", err)
	}
	cfg.WeChat.BaseURL = server.APIURL
	return cfg, Simulator{simulator, server}, nil
}

// SimulatedApps are cfg's apps as a simulator has them.
func SimulatedApps(cfg config.Config) []wechatsim.App {
	var apps []wechatsim.App
	for _, a := range cfg.WeChat.Apps {
		app := wechatsim.App{ID: string(a.ID), Secret: a.Secret.Reveal()}
		for _, e := range cfg.Events.Apps {
			if e.ID == a.ID {
				app.EventToken, app.EventKey = e.Token.Reveal(), e.Key.Reveal()
			}
		}
		apps = append(apps, app)
	}
	return apps
}
