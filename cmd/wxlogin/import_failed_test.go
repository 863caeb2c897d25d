package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"wxlogin/ports"
)

const (
	goOn      = "wxlogin: all is done up to the record key: go on with --after key\n"
	startOver = "wxlogin: to start over loses nothing either: whoever is here stays as they are\n"
)

func TestImportThatFailedSaysWhyAndHowToGoOn(t *testing.T) {
	stop, broken := fmt.Errorf("import: %w", context.Canceled), errors.New("broken")
	for want, err := range map[string]error{
		"wxlogin: broken\n": broken,
		"wxlogin: the import was stopped\nwxlogin: import: context canceled\n":         stop,
		"wxlogin: the import was stopped\nwxlogin: import: context canceled\nbroken\n": errors.Join(stop, broken), // not that alone
	} {
		var out strings.Builder
		code := (importing{}).failed(environment{stderr: &out}, ports.ImportReport{After: "key"}, err)
		if want += goOn + startOver; code != exitFailed || out.String() != want {
			t.Errorf("got exit code %d and %q, want %d and %q", code, out.String(), exitFailed, want)
		}
	}
}

// A record is named only where it leads on: not the one that the order named, which
// there may not be, and none after a dry run.
func TestImportThatFailedNamesARecordOnlyIfItIsBehindIt(t *testing.T) {
	for want, job := range map[string]importing{
		goOn + startOver: {order: ports.ImportOrder{After: "before"}},
		startOver:        {order: ports.ImportOrder{After: "key"}},
		"":               {order: ports.ImportOrder{DryRun: true}},
	} {
		var out strings.Builder
		job.failed(environment{stderr: &out}, ports.ImportReport{After: "key"}, errors.New("broken"))
		if want = "wxlogin: broken\n" + want; out.String() != want {
			t.Errorf("%+v: got %q, want %q", job.order, out.String(), want)
		}
	}
}
