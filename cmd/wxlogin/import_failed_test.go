package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	goOn      = "wxlogin: all is done up to the record key: go on with --after key\n"
	startOver = "wxlogin: to start over loses nothing either: whoever is here stays as they are\n"
)

func TestImportThatFailedSaysWhyAndHowToGoOn(t *testing.T) {
	broken := errors.New("broken")
	stopped := fmt.Errorf("import: %w", errors.Join(fmt.Errorf("source: %w", context.Canceled)))
	store := fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, context.Canceled)
	tests := map[string]struct {
		err  error
		want []string
	}{
		"one":                         {broken, []string{"broken"}},
		"one that wraps":              {fmt.Errorf("import: %w", errors.Join(fmt.Errorf("store: %w", broken))), []string{"import: store: broken"}},
		"one of two kinds":            {errors.Join(fmt.Errorf("%w: %w", broken, broken)), []string{"broken: broken"}},
		"the stop":                    {errors.Join(stopped, nil), []string{"the import was stopped"}},
		"the stop and the store":      {fmt.Errorf("import: %w", errors.Join(store, context.Canceled)), []string{"the import was stopped", "import: " + store.Error()}},
		"the stop, and what is twice": {errors.Join(broken, stopped, errors.Join(stopped, broken)), []string{"the import was stopped", "broken"}},
		"the stop, the list, the end": {
			errors.Join(errors.Join(stopped, fmt.Errorf("list: %w", errors.Join(errors.New("full"), broken))), broken),
			[]string{"the import was stopped", "list: full", "list: broken", "broken"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			code := (importing{}).failed(environment{stderr: &out}, ports.ImportReport{After: "key"}, tt.err)
			want := "wxlogin: " + strings.Join(tt.want, "\nwxlogin: ") + "\n" + goOn + startOver
			if code != exitFailed || out.String() != want {
				t.Errorf("got exit code %d and %q, want %d and %q", code, out.String(), exitFailed, want)
			}
		})
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
