package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	barWidth  = 30
	barEvery  = 100 * time.Millisecond
	lineEvery = 5_000 // records
	lineAfter = 10 * time.Second
)

// progress tells how far an import is: by a bar on a terminal, and by plain lines
// elsewhere, each of which says from where to go on.
type progress struct {
	out   io.Writer
	bar   bool
	last  time.Time
	lines int // records that were told of, over lineEvery
}

func newProgress(out io.Writer) *progress {
	return &progress{out: out, bar: terminal(out), last: time.Now()}
}

func (p *progress) tell(r ports.ImportReport) {
	since := time.Since(p.last)
	switch {
	case p.bar && since >= barEvery:
		_, _ = fmt.Fprint(p.out, "\r", drawn(r))
	case !p.bar && (r.Read()/lineEvery > p.lines || since >= lineAfter):
		_, _ = fmt.Fprintf(p.out, "wxlogin: %d of about %d records, %d users stored, done up to --after %s\n", r.Read(), r.Total, r.Stored, r.After)
	default:
		return
	}
	p.last, p.lines = time.Now(), r.Read()/lineEvery
}

// end leaves the terminal as it was.
func (p *progress) end() {
	if p.bar {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func drawn(r ports.ImportReport) string {
	full := 0
	if r.Total > 0 {
		full = int(min(int64(r.Read())*barWidth/r.Total, barWidth))
	}
	return fmt.Sprintf("[%s%s] %d of about %d records", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), r.Read(), r.Total)
}

// summary is the report in words: what became of the records, and what was left
// out and why, the most frequent first.
func (job importing) summary(r ports.ImportReport) string {
	var text strings.Builder
	stored := "users stored"
	if job.order.DryRun {
		stored = "users would be stored: this was a dry run"
	}
	_, _ = fmt.Fprintf(&text, "%8d records read\n%8d %s\n%8d users were here already, and stay as they are\n%8d records merged into another of the same openid\n%8d records refused\n",
		r.Read(), r.Stored, stored, r.There, r.Merged, r.Refused)
	byNumber := func(a, b domain.Flaw) int {
		return cmp.Or(cmp.Compare(r.Flaws[b].Times, r.Flaws[a].Times), cmp.Compare(a, b))
	}
	for i, flaw := range slices.SortedFunc(maps.Keys(r.Flaws), byNumber) {
		if i == 0 {
			_, _ = fmt.Fprint(&text, "\nWhat was wrong with records, how often, and the first that had it:\n")
		}
		_, _ = fmt.Fprintf(&text, "%8d %s\n", r.Flaws[flaw].Times, flaw)
		for _, key := range r.Flaws[flaw].Records {
			_, _ = fmt.Fprintf(&text, "         %q\n", key)
		}
	}
	return text.String()
}
