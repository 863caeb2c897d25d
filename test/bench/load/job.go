package main

import (
	"context"
	"fmt"
	"slices"
)

// job is what the servers are asked for.
type job struct {
	name     string
	requests int // a turn
	stores   []string
	ready    ready
}

// ready makes everything ready for the requests of a job to one server.
type ready func(ctx context.Context, w *world, at *contestant, o options) (task, error)

// task is a job as it is for one server.
type task struct {
	prepare func() error // before each turn, not measured; may be nil
	ask     ask
}

var (
	allStores  = []string{"memory", "sqlite", "mongodb"}
	localOnly  = allStores[:2]
	memoryOnly = allStores[:1]
)

// jobs in the order in which they are done. Who asks about a token asks no
// database, so that MongoDB would tell nothing new.
var jobs = []job{
	{"login", 2500, allStores, logins},
	{"refresh", 2500, allStores, refreshes},
	{"verify", 10_000, localOnly, checking(many, verify)},
	{"verify-one", 10_000, memoryOnly, checking(one, verify)},
	{"verify-unseen", 5000, memoryOnly, checking(unseen, verify)},
	{"introspect", 10_000, localOnly, checking(many, introspect)},
	{"introspect-unseen", 5000, memoryOnly, checking(unseen, introspect)},
}

// jobsNamed returns the jobs of these names, in their order.
func jobsNamed(names []string) ([]job, error) {
	var chosen []job
	for _, name := range names {
		i := slices.IndexFunc(jobs, func(j job) bool { return j.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no such job: %q", name)
		}
		chosen = append(chosen, jobs[i])
	}
	return chosen, nil
}

func jobNames() (names []string) {
	for _, j := range jobs {
		names = append(names, j.name)
	}
	return names
}

// of returns how much of a job is done: what is usual for it where nothing else
// was asked for, and of that what the stand-in takes. It does about a hundred
// logins a second, turns some of many writers away, and looks at every session to
// find one.
func (o options) of(j job, standIn bool) options {
	if o.requests == 0 {
		o.requests = j.requests
	}
	if standIn {
		o.connections, o.people, o.requests = min(o.connections, 4), min(o.people, 50), (o.requests+19)/20
	}
	return o
}
