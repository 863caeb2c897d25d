package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestProgressIsABarOnATerminal(t *testing.T) {
	var out bytes.Buffer
	bar := &progress{out: &out, bar: true}
	bar.tell(ports.ImportReport{Total: 300, Stored: 90, Merged: 10})
	bar.tell(ports.ImportReport{Total: 300, Stored: 91, Merged: 10}) // too soon after
	bar.last = time.Time{}
	bar.tell(ports.ImportReport{Total: 300, Stored: 400}) // about
	bar.last = time.Time{}
	bar.tell(ports.ImportReport{Refused: 1})
	bar.end()
	want := "\r[" + strings.Repeat("#", 10) + strings.Repeat(".", 20) + "] 100 of about 300 records" +
		"\r[" + strings.Repeat("#", 30) + "] 400 of about 300 records" +
		"\r[" + strings.Repeat(".", 30) + "] 1 of about 0 records" + "\r\x1b[K"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestProgressIsPlainLinesElsewhere(t *testing.T) {
	var out bytes.Buffer
	lines := newProgress(&out)
	for _, read := range []int{1024, 4999, 5120, 6144, 10240} {
		lines.tell(ports.ImportReport{Total: 12000, Stored: read, After: "key"})
	}
	lines.last = time.Now().Add(-lineAfter)
	lines.tell(ports.ImportReport{Total: 12000, Stored: 10241, After: "key"})
	lines.end()
	want := "wxlogin: 5120 of about 12000 records, 5120 users stored, done up to --after key\n" +
		"wxlogin: 10240 of about 12000 records, 10240 users stored, done up to --after key\n" +
		"wxlogin: 10241 of about 12000 records, 10241 users stored, done up to --after key\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestReportNamesWhatWasWrongTheMostFrequentFirst(t *testing.T) {
	report := ports.ImportReport{Stored: 3, There: 1, Merged: 2, Refused: 4, Flaws: map[domain.Flaw]ports.FlawCount{
		domain.FlawNoOpenID:  {Times: 4, Records: []string{"a", "b\x1b[31m"}},
		domain.FlawDuplicate: {Times: 20},
		domain.FlawAvatar:    {Times: 4},
	}}
	want := `      10 records read
       3 users stored
       1 users were here already, and stay as they are
       2 records merged into another of the same openid
       4 records refused

What was wrong with records, how often, and the first that had it:
      20 another record has the same openid: the two were merged, of each field the newest that is of use
       4 the avatar was left out: it is no address on the web, too long, or the grey one
       4 the record has no openid
         "a"
         "b\x1b[31m"
`
	if got := (importing{}).summary(report); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	dry := importing{order: ports.ImportOrder{DryRun: true}}
	if got := dry.summary(ports.ImportReport{Stored: 3}); !strings.Contains(got, "       3 users would be stored: this was a dry run\n") {
		t.Errorf("got %s, want it said that nothing was stored", got)
	}
}
