package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"wxlogin/ports"
)

const (
	barWidth  = 30
	barEvery  = 100 * time.Millisecond
	lineEvery = 5_000 // records
	lineAfter = 10 * time.Second
)

// progress tells how far an import is: by a bar on a terminal, and by plain lines
// elsewhere, each of which says from where to go on. While it hears nothing, as
// when the other service sorts its records, it says now and then that it lives.
type progress struct {
	out   io.Writer
	dry   bool // nothing is stored, and there is nowhere to go on from
	bar   bool
	ended chan struct{}
	alive sync.WaitGroup

	mu   sync.Mutex
	far  ports.ImportReport
	last time.Time
	told int // records that were told of
}

// newProgress returns the progress that is told on out, until its end, of an import
// or a dry run of one. It begins when that does.
func newProgress(out io.Writer, dry bool) *progress {
	return &progress{out: out, dry: dry, bar: terminal(out), ended: make(chan struct{}), last: time.Now()}
}

// Progress is half of ports.ImportListener.
func (p *progress) Progress(r ports.ImportReport) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.far = r
	p.tell()
}

// tell says how far it is, where it is time to.
func (p *progress) tell() {
	since, read := time.Since(p.last), p.far.Read()
	switch {
	case p.bar && since >= barEvery:
		_, _ = fmt.Fprint(p.out, "\r", drawn(p.far))
	case !p.bar && (read/lineEvery > p.told/lineEvery || since >= lineAfter):
		_, _ = fmt.Fprintln(p.out, p.line())
	default:
		return
	}
	p.last, p.told = time.Now(), read
}

// live tells until the end, every so often, even if it hears nothing.
func (p *progress) live(every time.Duration) {
	p.alive.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.mu.Lock()
				p.tell()
				p.mu.Unlock()
			case <-p.ended:
				return
			}
		}
	})
}

// end tells no more, and leaves the terminal as it was.
func (p *progress) end() {
	close(p.ended)
	p.alive.Wait()
	if p.bar {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func drawn(r ports.ImportReport) string {
	full := 0
	if r.Total > 0 {
		full = int(min(int64(r.Read())*barWidth/r.Total, barWidth))
	}
	return fmt.Sprintf("[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), readOf(r))
}

func (p *progress) line() string {
	r := p.far
	if p.dry {
		return fmt.Sprintf("wxlogin: %s, %d users would be stored", readOf(r), r.Stored)
	}
	text := fmt.Sprintf("wxlogin: %s, %d users stored", readOf(r), r.Stored)
	if r.After != "" {
		text += ", done up to --after " + r.After
	}
	return text
}

func readOf(r ports.ImportReport) string {
	if r.Total == 0 {
		return fmt.Sprintf("%d records", r.Read())
	}
	return fmt.Sprintf("%d of about %d records", r.Read(), r.Total)
}
