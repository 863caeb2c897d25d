package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"strings"

	"wxlogin/config"
)

const clientsUsage = "usage: wxlogin clients generate --id ID --apps wxid[,wxid2] [--access-tokens]"

// runClients is "wxlogin clients generate". It makes a backend's secret, of 256
// random bits, and shows it this once: the service is given its hash alone.
func runClients(_ context.Context, env environment, args []string) int {
	flags := flag.NewFlagSet("clients", flag.ContinueOnError)
	flags.SetOutput(env.stderr)
	flags.Usage = func() {} // the command's own is printed
	id, apps, tokens := flags.String("id", "", ""), flags.String("apps", "", ""), flags.Bool("access-tokens", false, "")
	if len(args) == 0 || args[0] != "generate" || flags.Parse(args[1:]) != nil || flags.NArg() > 0 || *id == "" || *apps == "" {
		_, _ = fmt.Fprintln(env.stderr, clientsUsage)
		return exitUsage
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	secret := "wxs_" + base64.RawURLEncoding.EncodeToString(raw)
	entry := fmt.Sprintf("%s:%x:%s", *id, sha256.Sum256([]byte(secret)), strings.ReplaceAll(*apps, ",", "+"))
	if *tokens {
		entry += ":access-tokens"
	}
	if !isClient(entry) {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin: --id is 1 to 64 of A-Z a-z 0-9 - _ . and --apps are AppIDs with commas between")
		return exitUsage
	}
	_, _ = fmt.Fprintf(env.stdout, "secret %s\nSERVICE_CLIENTS entry %s\n", secret, entry)
	return 0
}

// isClient reports whether entry is one client for whoever reads the settings.
func isClient(entry string) bool {
	setting := map[string]string{"SERVICE_CLIENTS": entry}
	cfg, err := config.Load(config.Tool, func(name string) (string, bool) {
		text, ok := setting[name]
		return text, ok
	})
	return err == nil && len(cfg.Clients.All) == 1
}
