// Command load compares wxlogin with the bare server under load: both run as
// processes of their own, on one machine, in one run, turn and turn about, so
// that what else the machine does hits both. It reads what they cost from /proc,
// which Linux has, speaks to loopback addresses only, and ends by itself.
//
// Run it inside the module; it builds both servers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// options say how much is run.
type options struct {
	stores  []string
	rounds  int
	logins  int // a round and server
	phones  int // connections
	people  int
	mongodb string
	dir     string
}

func main() {
	var o options
	stores := flag.String("stores", "memory,sqlite,mongodb", "where logins are stored, comma separated")
	flag.IntVar(&o.rounds, "rounds", 16, "rounds; in each both servers have a turn")
	flag.IntVar(&o.logins, "logins", 2500, "logins in a turn")
	flag.IntVar(&o.phones, "connections", 32, "phones that log in at the same time")
	flag.IntVar(&o.people, "people", 2000, "people who log in again and again")
	flag.StringVar(&o.mongodb, "mongodb", "", "`URI` of a MongoDB server without a database; empty: the stand-in of test/mongolite")
	flag.StringVar(&o.dir, "dir", "", "directory of the databases; empty: the system's for temporary files")
	flag.Parse()
	o.stores = strings.Split(*stores, ",")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// run measures every store and prints one report for each.
func run(ctx context.Context, o options) (err error) {
	w, err := newWorld(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	fmt.Printf("%s, %s %s/%s, %d processors\n", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, store := range o.stores {
		if err := w.measure(ctx, store, o); err != nil {
			return fmt.Errorf("%s: %w", store, err)
		}
	}
	return nil
}

// forStandIn is what the stand-in takes: it does about a hundred logins a second,
// and turns some of many writers away.
func (o options) forStandIn() options {
	o.phones, o.logins = min(o.phones, 4), (o.logins+9)/10
	return o
}

// settle is how long a server is left alone before its memory is looked at.
const settle = 2 * time.Second

// measure compares the two servers on one store.
func (w *world) measure(ctx context.Context, store string, o options) (err error) {
	settings, err := w.storeSettings(ctx, store)
	if err != nil {
		return err
	}
	if store == "mongodb" && w.standIn != nil {
		o = o.forStandIn()
	}
	var pair [2]*contestant
	for i, name := range []string{"wxlogin", "bare"} {
		var p *process
		if p, err = w.start(ctx, name, store, settings); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.stop()) }()
		pair[i] = &contestant{name: name, process: p}
	}
	time.Sleep(settle)
	if err := w.compete(ctx, pair, o); err != nil {
		return err
	}
	return report(store, pair, o)
}

// compete looks at the servers at rest, warms them up and lets them take turns.
func (w *world) compete(ctx context.Context, pair [2]*contestant, o options) (err error) {
	for _, c := range pair {
		if c.atRest, err = c.process.memory(); err != nil {
			return err
		}
		if _, err := w.drive(ctx, c.process.address, o.logins, o); err != nil {
			return err
		}
	}
	for round := range o.rounds {
		for i := range pair {
			// Who was second goes first in the next round.
			if err := w.turn(ctx, pair[(i+round)%2], o); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn lets one server have its logins.
func (w *world) turn(ctx context.Context, c *contestant, o options) error {
	before, err := c.process.cpu()
	if err != nil {
		return err
	}
	start := time.Now()
	latencies, err := w.drive(ctx, c.process.address, o.logins, o)
	if err != nil {
		return err
	}
	took := time.Since(start)
	after, err := c.process.cpu()
	if err != nil {
		return err
	}
	if c.loaded, err = c.process.memory(); err != nil {
		return err
	}
	c.latencies = append(c.latencies, latencies...)
	c.cpu = append(c.cpu, (after-before)/time.Duration(o.logins))
	c.rate = append(c.rate, float64(o.logins)/took.Seconds())
	return nil
}
