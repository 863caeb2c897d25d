package main

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/ports"
)

// failed says what happened, and how to go on. A dry run did nothing from where to.
func (job importing) failed(env environment, report ports.ImportReport, err error) int {
	if errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin: the import was stopped")
	}
	_, _ = fmt.Fprintln(env.stderr, "wxlogin:", err)
	if job.order.DryRun {
		return exitFailed
	}
	if report.After != job.order.After {
		_, _ = fmt.Fprintf(env.stderr, "wxlogin: all is done up to the record %s: go on with --after %s\n", report.After, report.After)
	}
	_, _ = fmt.Fprintln(env.stderr, "wxlogin: to start over loses nothing either: whoever is here stays as they are")
	return exitFailed
}
