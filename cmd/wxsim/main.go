// Wxsim is the WeChat simulator alone, for whoever wants it in a terminal or a
// container of its own. It is for development and tests only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"wxlogin/adapters/wechatsim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "wxsim:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var cfg wechatsim.Config
	listen := flag.String("listen", "127.0.0.1:8090", "`host:port` that stands for api.weixin.qq.com")
	manage := flag.String("manage", "127.0.0.1:8081", "`host:port` where codes and faults are made")
	apps := flag.String("apps", "wxsimulator000001:simulator-secret", "mini programs: `id:secret[@account][,...]`")
	events := flag.String("events", "", "what the apps' messages are signed and encrypted with: `id:token[:EncodingAESKey][,...]`")
	flag.DurationVar(&cfg.MinKeyAge, "min-key-age", time.Minute, "how long a session_key lives at least; 0: each login code makes a new one")
	flag.DurationVar(&cfg.Latency, "latency", 0, "added to every answer of the platform")
	flag.BoolVar(&cfg.AllowRemote, "allow-remote", false, "listen beyond loopback; whoever reaches it can log in as anybody")
	flag.Parse()

	var err error
	if cfg.Apps, err = parseApps(*apps); err != nil {
		return err
	}
	if err = addEvents(cfg.Apps, *events); err != nil {
		return err
	}
	if cfg.MinKeyAge == 0 {
		cfg.MinKeyAge = -1
	}
	sim, err := wechatsim.New(cfg)
	if err != nil {
		return err
	}
	server, err := sim.Start(*listen, *manage)
	if err != nil {
		return err
	}
	fmt.Printf("WeChat is simulated at %s\nmanaged at             %s/sim/\na login code:          curl -s -X POST %s/sim/code\n",
		server.APIURL, server.ManageURL, server.ManageURL)
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Stop(grace)
}
