package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/system"
	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/ports"
)

// world is what both servers stand on: a WeChat, keys, settings, a MongoDB.
type world struct {
	dir      string // removed at the end
	wechat   *wechatsim.Simulator
	platform *wechatsim.Server
	mongodb  string // URI without a database
	issuer   ports.AccessTokenIssuer
	standIn  *exec.Cmd
	stdin    io.Closer // whose end is the stand-in's
}

// newWorld builds the servers and starts the simulator here.
func newWorld(ctx context.Context, o options) (_ *world, err error) {
	w := &world{mongodb: o.mongodb}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.end())
		}
	}()
	if w.dir, err = os.MkdirTemp(o.dir, "wxlogin-load-"); err != nil {
		return nil, err
	}
	if err := w.build(ctx, ".", "wxlogin/cmd/wxlogin", "wxlogin/test/bench/bare"); err != nil {
		return nil, err
	}
	if _, _, err := jwttoken.GenerateKey(filepath.Join(w.dir, "keys"), "ES256", time.Now()); err != nil {
		return nil, err
	}
	w.wechat, err = wechatsim.New(wechatsim.Config{Apps: []wechatsim.App{{ID: config.DevAppID, Secret: config.DevAppSecret}}})
	if err != nil {
		return nil, err
	}
	if w.platform, err = w.wechat.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	w.issuer, err = w.newIssuer()
	return w, err
}

// newIssuer signs tokens as both servers do.
func (w *world) newIssuer() (ports.AccessTokenIssuer, error) {
	settings := map[string]string{}
	for _, setting := range w.env() {
		name, value, _ := strings.Cut(setting, "=")
		settings[name] = value
	}
	cfg, err := config.Load(config.Serve, func(name string) (string, bool) {
		value, ok := settings[name]
		return value, ok
	})
	if err != nil {
		return nil, err
	}
	keys, err := jwttoken.LoadKeys(cfg.Tokens)
	return jwttoken.NewAccessTokenIssuer(keys, cfg.Tokens, system.NewEntropy()), err
}

// build puts programs into the world's directory, as "task build" makes them.
func (w *world) build(ctx context.Context, from string, packages ...string) error {
	args := append([]string{"build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(w.dir, "bin") + string(filepath.Separator)}, packages...)
	build := exec.CommandContext(ctx, "go", args...)
	build.Dir, build.Env = from, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build %v: %w\n%s", packages, err, out)
	}
	return nil
}

// env are the settings that both servers have: production's, on loopback.
func (w *world) env() []string {
	return []string{
		"WECHAT_APPS=" + config.DevAppID + ":" + config.DevAppSecret,
		"WECHAT_BASE_URL=" + w.platform.APIURL,
		"LISTEN=127.0.0.1:0",
		"ADMIN_LISTEN=127.0.0.1:0",
		"TRUSTED_PROXIES=127.0.0.1/32",
		"DRAIN_DELAY=0s",
		"TOKEN_KEYS_DIR=" + filepath.Join(w.dir, "keys"),
		"TOKEN_ISSUER=https://login.example.com",
		"SERVICE_CLIENTS=" + clients(),
		"SEALING_KEYS=k1:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("0123456789abcdef"), 2)),
	}
}

// storeSettings returns what gives each server a store of its own for a job.
func (w *world) storeSettings(ctx context.Context, job, store string) (func(server string) []string, error) {
	switch store {
	case "memory":
		return func(string) []string { return []string{"DATA_DIR=" + config.InMemory} }, nil
	case "sqlite":
		return func(server string) []string {
			return []string{"DATA_DIR=" + filepath.Join(w.dir, "data-"+job+"-"+server)}
		}, nil
	case "mongodb":
		err := w.needMongoDB(ctx)
		return func(server string) []string {
			return []string{"MONGODB_URI=" + strings.TrimSuffix(w.mongodb, "/") + "/load_" + job + "_" + server}
		}, err
	}
	return nil, fmt.Errorf("no such store: %q", store)
}

// needMongoDB starts the stand-in where no server was named.
func (w *world) needMongoDB(ctx context.Context) error {
	if w.mongodb != "" {
		return nil
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find this module: %w", err)
	}
	if err := w.build(ctx, filepath.Join(strings.TrimSpace(string(root)), "test", "mongolite"), "."); err != nil {
		return err
	}
	w.standIn = exec.Command(filepath.Join(w.dir, "bin", "mongolite"), "-listen", "127.0.0.1:0", "-stdin")
	if w.stdin, err = w.standIn.StdinPipe(); err != nil {
		return err
	}
	out, err := w.standIn.StdoutPipe()
	if err != nil {
		return err
	}
	if err := w.standIn.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	w.mongodb = strings.TrimPrefix(strings.TrimSpace(line), "listening ")
	return err
}

// end stops what was started and removes what was made.
func (w *world) end() error {
	var errs []error
	if w.stdin != nil {
		errs = append(errs, w.stdin.Close(), w.standIn.Wait())
	}
	if w.platform != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		errs = append(errs, w.platform.Stop(ctx))
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}
