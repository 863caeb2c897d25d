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
	"slices"
	"strings"
	"syscall"
	"time"
)

// options say how much is run.
type options struct {
	jobs        []string
	stores      []string
	rounds      int
	requests    int // a round and server; 0: what is usual for the job
	connections int
	people      int
	mongodb     string
	dir         string
	settle      time.Duration // how long a server is left alone before its memory is looked at
}

func main() {
	o := options{settle: 2 * time.Second}
	what := flag.String("what", strings.Join(jobNames(), ","), "what is measured, comma separated")
	stores := flag.String("stores", strings.Join(allStores, ","), "where it is stored, comma separated")
	flag.IntVar(&o.rounds, "rounds", 16, "rounds; in each both servers have a turn")
	flag.IntVar(&o.requests, "requests", 0, "requests in a turn; 0: 2,500 logins or refreshes, 10,000 checks of tokens, 5,000 of tokens unseen")
	flag.IntVar(&o.connections, "connections", 32, "connections that requests come over at the same time")
	flag.IntVar(&o.people, "people", 2000, "people who log in or refresh again and again")
	flag.StringVar(&o.mongodb, "mongodb", "", "`URI` of a MongoDB server without a database; empty: the stand-in of test/mongolite")
	flag.StringVar(&o.dir, "dir", "", "directory of the databases; empty: the system's for temporary files")
	flag.Parse()
	o.jobs, o.stores = strings.Split(*what, ","), strings.Split(*stores, ",")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// run measures every job that is asked for, on those of its stores that are, and
// prints one report for each.
func run(ctx context.Context, o options) (err error) {
	chosen, err := jobsNamed(o.jobs)
	if err != nil {
		return err
	}
	for _, store := range o.stores {
		if !slices.Contains(allStores, store) {
			return fmt.Errorf("no such store: %q is none of %v", store, allStores)
		}
	}
	w, err := newWorld(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	fmt.Printf("%s, %s %s/%s, %d processors\n", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, j := range chosen {
		for _, store := range o.stores {
			if !slices.Contains(j.stores, store) {
				continue
			}
			if err := w.measure(ctx, j, store, o); err != nil {
				return fmt.Errorf("%s, %s: %w", j.name, store, err)
			}
		}
	}
	return nil
}
