// Command wxlogin is the login service, and what its operators need around it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes: 1 where something failed, 2 where what was asked for is wrong.
const (
	exitFailed = 1
	exitUsage  = 2
)

// command is one word of the command line. Its run returns the exit code.
type command struct {
	name, usage, about string
	run                func(ctx context.Context, env environment, args []string) int
}

// environment is what a command may touch of the process.
type environment struct {
	lookup         func(string) (string, bool)
	stdout, stderr io.Writer
}

var commands = []command{
	{"dev", "dev", "everything on this machine: nothing to install, nothing to set", runDev},
	{"serve", "serve", "the service, set by environment variables", runServe},
	{"keys", "keys generate --dir DIR [--alg ALG]", "make a signing key, which signs at once", runKeys},
	{"keys", "keys list --dir DIR", "say which key signs, which will, and which are retired", runKeys},
	{"keys", "keys rotate --dir DIR [--alg ALG]", "make the next key and remove the oldest: a daily job's work", runKeys},
	{"keys", "keys remove --dir DIR --kid KID", "end a key and its tokens at once: for emergencies", runKeys},
	{"clients", "clients generate --id ID --apps wxid", "make the secret of a backend that may ask about tokens", runClients},
	{"users", "users show USER_ID", "say what is known of a user", runUsers},
	{"users", "users find PHONE", "say whose phone number it is", runUsers},
	{"users", "users ban|unban USER_ID", "keep a user out, or let one in again", runUsers},
	{"users", "users link USER_ID INTO_USER_ID", "make two users one, where they are one person", runUsers},
	{"users", "users unlink USER_ID FORMER_ID", "undo that, or what logins linked", runUsers},
	{"users", "users reset-session-key USER_ID", "have WeChat replace a session_key that got out", runUsers},
	{"audit", "audit [--limit N] [USER_ID]", "list what was done, newest first", runAudit},
	{"import", "import scaffold|wafer --from URI …", "take over the users of another service", runImport},
	{"healthcheck", "healthcheck", "exit 0 if the service on this machine is live", runHealthcheck},
	{"settings", "settings", "list every setting", runSettings},
	{"version", "version", "say which version this is", runVersion},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, environment{os.LookupEnv, os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run carries out one command line.
func run(ctx context.Context, env environment, args []string) int {
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, env, args[1:])
			}
		}
	}
	_, _ = fmt.Fprintln(env.stderr, "wxlogin logs WeChat Mini Program users in.")
	for _, c := range commands {
		_, _ = fmt.Fprintf(env.stderr, "\n  wxlogin %-38s %s", c.usage, c.about)
	}
	_, _ = fmt.Fprintln(env.stderr)
	return exitUsage
}
