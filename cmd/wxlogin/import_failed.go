package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wxlogin/domain"
	"wxlogin/ports"
)

// failed says what happened, and how to go on. A dry run did nothing from where to.
func (job importing) failed(env environment, report ports.ImportReport, err error) int {
	for _, reason := range reasons(err) {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin:", reason)
	}
	if job.order.DryRun {
		return exitFailed
	}
	if report.After != job.order.After {
		_, _ = fmt.Fprintf(env.stderr, "wxlogin: all is done up to the record %s: go on with --after %s\n", report.After, report.After)
	}
	_, _ = fmt.Fprintln(env.stderr, "wxlogin: to start over loses nothing either: whoever is here stays as they are")
	return exitFailed
}

// reasons are the errors that were joined into err, in words, each once: first that
// the import was stopped, where it was.
func reasons(err error) (all []string) {
	stopped := false
	for _, one := range apart(err, "") {
		if one.stopped {
			stopped = true
		} else if !slices.Contains(all, one.text) {
			all = append(all, one.text)
		}
	}
	if stopped {
		all = slices.Insert(all, 0, "the import was stopped")
	}
	return all
}

// reason is one of the errors that were joined.
type reason struct {
	text    string
	stopped bool
}

// apart takes errors apart that were joined, and leaves those whole that only wrap
// several. What stands before them stands before each.
func apart(err error, before string) (all []reason) {
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err)
	if !ok || !isJoin(joined, joined.Unwrap()) {
		stopped := errors.Is(err, context.Canceled) && !errors.Is(err, domain.ErrStoreUnavailable)
		return []reason{{before + err.Error(), stopped}}
	}
	before += strings.TrimSuffix(err.Error(), joined.Error())
	for _, part := range joined.Unwrap() {
		all = append(all, apart(part, before)...)
	}
	return all
}

// isJoin reports whether whole says what errors.Join makes of parts.
func isJoin(whole error, parts []error) bool {
	var lines []string
	for _, part := range parts {
		lines = append(lines, part.Error())
	}
	return whole.Error() == strings.Join(lines, "\n")
}
