package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	auditUsage = "usage: wxlogin audit [--limit N] [USER_ID]"
	maxListed  = 10_000
)

// runAudit is "wxlogin audit": what was done, newest first, to one user or to all.
func runAudit(ctx context.Context, env environment, args []string) int {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(env.stderr)
	flags.Usage = func() {} // the command's own is printed
	limit := flags.Int("limit", 100, "")
	if flags.Parse(args) != nil || flags.NArg() > 1 {
		_, _ = fmt.Fprintln(env.stderr, auditUsage)
		return exitUsage
	}
	if *limit < 1 || *limit > maxListed {
		_, _ = fmt.Fprintf(env.stderr, "wxlogin: --limit is 1 to %d\n%s\n", maxListed, auditUsage)
		return exitUsage
	}
	list := with(func(ctx context.Context, uc ports.InspectUsersUseCase, out io.Writer, args []string) error {
		entries, err := uc.Audit(ctx, domain.UserID(args[0]), *limit)
		for _, e := range entries {
			_, _ = fmt.Fprintln(out, entryLine(e))
		}
		return err
	})
	return list(ctx, env, []string{flags.Arg(0)})
}

func entryLine(e domain.AuditEntry) string {
	line := fmt.Sprintf("%s %s by=%s user=%s", e.At.Format(time.RFC3339), e.Action, e.By, e.UserID)
	if e.OtherID != "" {
		line += " other=" + string(e.OtherID)
	}
	if e.AppID != "" {
		line += " app=" + string(e.AppID)
	}
	return line
}
