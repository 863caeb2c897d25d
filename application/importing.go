package application

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	importBatch   = 1024 // people who are held in memory
	importWriters = 64   // of them are stored at a time
	flawRecords   = 5    // are named of each flaw
)

// person is whom the records of one openid tell of, and the last record of them.
type person struct {
	former domain.FormerUser
	key    string
}

// importing is an import under way: it makes people of records.
type importing struct {
	order ports.ImportOrder
	open  *person  // of whom the next record may tell, too
	batch []person // who are complete, and not stored
	read  ports.ImportReport
	done  ports.ImportReport // as far as batches are stored
}

func newImporting(order ports.ImportOrder, total int64) *importing {
	begun := ports.ImportReport{Total: total, After: order.After, Flaws: map[domain.Flaw]ports.FlawCount{}}
	stored := begun
	stored.Flaws = maps.Clone(begun.Flaws)
	return &importing{order: order, read: begun, done: stored}
}

// take reads one record, and reports whether a batch is full.
func (i *importing) take(record ports.FormerRecord, now time.Time) (full bool) {
	refused := record.Refused
	if refused == "" {
		refused = record.User.Refused(i.order.AppID)
	}
	if refused != "" {
		i.read.Refused++
		i.note(record.Key, refused)
		return false
	}
	former, flaws := record.User.Checked(now)
	i.note(record.Key, append(slices.Clone(record.Flaws), flaws...)...)
	if i.open != nil && i.open.former.OpenID == former.OpenID {
		i.read.Merged++
		i.note(record.Key, domain.FlawDuplicate)
		i.open.former, i.open.key = i.open.former.Merge(former), record.Key
		return false
	}
	i.close()
	i.open = &person{former, record.Key}
	return len(i.batch) >= importBatch
}

// close ends the person of whom the last record told.
func (i *importing) close() {
	if i.open == nil {
		return
	}
	if _, flaws := i.open.former.User("", i.order.AppID, time.Time{}); len(flaws) > 0 {
		i.note(i.open.key, flaws...)
	}
	i.batch = append(i.batch, *i.open)
	if i.open.key != "" {
		i.read.After = i.open.key
	}
	i.open = nil
}

// stored notes that the batch is, and how many of it were new.
func (i *importing) stored(newcomers int) {
	i.read.Stored += newcomers
	i.read.There += len(i.batch) - newcomers
	i.batch = i.batch[:0]
	i.done = i.read
	i.done.Flaws = maps.Clone(i.read.Flaws)
}

func (i *importing) note(key string, flaws ...domain.Flaw) {
	slices.Sort(flaws)
	for _, flaw := range slices.Compact(flaws) {
		count := i.read.Flaws[flaw]
		count.Times++
		if key != "" && len(count.Records) < flawRecords {
			count.Records = append(slices.Clip(count.Records), key)
		}
		i.read.Flaws[flaw] = count
	}
}

// inParallel does fn to all people, and returns for how many it was true. After
// an error it begins no other, and returns when those begun have ended.
func inParallel(people []person, fn func(person) (bool, error)) (count int, err error) {
	var next, yes atomic.Int64
	var once sync.Once
	var writers sync.WaitGroup
	for range min(importWriters, len(people)) {
		writers.Go(func() {
			for n := next.Add(1); n <= int64(len(people)); n = next.Add(1) {
				done, failed := fn(people[n-1])
				if failed != nil {
					once.Do(func() { err = failed })
					next.Store(int64(len(people)))
					return
				}
				if done {
					yes.Add(1)
				}
			}
		})
	}
	writers.Wait()
	return int(yes.Load()), err
}
