package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/ports"
)

func TestProgressIsABarOnATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		bar := newProgress(&out, false)
		bar.bar = true
		told := func(r ports.ImportReport) {
			bar.Progress(r)
			time.Sleep(barEvery)
		}
		bar.Progress(ports.ImportReport{Total: 300}) // too soon
		time.Sleep(barEvery)
		told(ports.ImportReport{Total: 300, Stored: 90, Merged: 10})
		told(ports.ImportReport{Total: 300, Stored: 400}) // about
		told(ports.ImportReport{Refused: 1})
		bar.end()
		want := "\r[" + strings.Repeat("#", 10) + strings.Repeat(".", 20) + "] 100 of about 300 records" +
			"\r[" + strings.Repeat("#", 30) + "] 400 of about 300 records" +
			"\r[" + strings.Repeat(".", 30) + "] 1 records" + "\r\x1b[K"
		if out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

func TestProgressIsPlainLinesElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		lines := newProgress(&out, false)
		lines.live(lineAfter)
		time.Sleep(lineAfter + time.Millisecond) // the other service counts
		lines.Progress(ports.ImportReport{Total: 12000})
		time.Sleep(lineAfter) // and sorts
		for _, read := range []int{1024, 4999, 5120, 6144, 10240} {
			lines.Progress(ports.ImportReport{Total: 12000, Stored: read, After: "key"})
		}
		time.Sleep(lineAfter)
		lines.Progress(ports.ImportReport{Total: 12000, Stored: 10241, After: "key"})
		lines.end()
		want := "wxlogin: 0 records, 0 users stored\n" +
			"wxlogin: 0 of about 12000 records, 0 users stored\n" +
			"wxlogin: 5120 of about 12000 records, 5120 users stored, done up to --after key\n" +
			"wxlogin: 10240 of about 12000 records, 10240 users stored, done up to --after key\n" +
			"wxlogin: 10241 of about 12000 records, 10241 users stored, done up to --after key\n"
		if out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

// Whoever went on in an import from where a dry run was would lose all before.
func TestProgressOfADryRunNamesNoRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		lines := newProgress(&out, true)
		lines.Progress(ports.ImportReport{Total: 12000, Stored: 6000, After: "key"})
		lines.end()
		if want := "wxlogin: 6000 of about 12000 records, 6000 users would be stored\n"; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}
