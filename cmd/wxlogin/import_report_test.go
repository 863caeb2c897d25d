package main

import (
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

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
