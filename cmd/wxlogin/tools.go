package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"wxlogin/config"
)

// runHealthcheck is "wxlogin healthcheck", for images without a shell.
func runHealthcheck(ctx context.Context, env environment, _ []string) int {
	listen, _ := env.lookup("LISTEN")
	if listen == "" {
		listen = ":8080"
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin: LISTEN is not host:port")
		return exitUsage
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/livez", nil)
	if err != nil {
		return exitUsage
	}
	res, err := (&http.Client{Transport: &http.Transport{}}).Do(req) // past every proxy
	if err != nil {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin:", err)
		return exitFailed
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return exitFailed
	}
	return 0
}

// runSettings is "wxlogin settings".
func runSettings(_ context.Context, env environment, _ []string) int {
	_, _ = fmt.Fprint(env.stdout, config.Table())
	return 0
}

// runVersion is "wxlogin version".
func runVersion(_ context.Context, env environment, _ []string) int {
	version, revision := "development", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	_, _ = fmt.Fprintln(env.stdout, strings.TrimSpace("wxlogin "+version+" "+revision))
	return 0
}
