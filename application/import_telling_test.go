package application_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestImportTellsHowFarItIsOfRecordsThatMakeNobody(t *testing.T) {
	w, source := newImportWorld(), people(10_000)
	for n := range source.records {
		source.records[n].Refused = domain.FlawUnreadable
	}
	w.mustRun(t, source, ports.ImportOrder{})
	for n, want := range []int{0, 4096, 8192, 10_000} {
		if len(w.told) != 4 || w.told[n].Refused != want {
			t.Fatalf("got told %+v, want as far as %d", w.told, want)
		}
	}
}

// watched is a source that tells of each record before it yields that.
type watched struct {
	former
	before func(n int)
}

func (w watched) Records(ctx context.Context, after string) iter.Seq2[ports.FormerRecord, error] {
	return func(yield func(ports.FormerRecord, error) bool) {
		n := 0
		w.former.Records(ctx, after)(func(record ports.FormerRecord, err error) bool {
			w.before(n)
			n++
			return yield(record, err)
		})
	}
}

func TestImportReadsOnWhileItStores(t *testing.T) {
	w, on := newImportWorld(), make(chan struct{})
	w.imports = importing{w.imports, func() {
		select {
		case <-on:
		case <-time.After(10 * time.Second):
			t.Error("got no record read while a batch is stored")
		}
	}}
	source := watched{people(2000), func(n int) {
		if n == 1500 {
			close(on)
		}
	}}
	wantReport(t, w.mustRun(t, source, ports.ImportOrder{}), ports.ImportReport{Total: 2000, Stored: 2000, After: "k1999"})
}
