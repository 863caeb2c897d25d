package application

import (
	"maps"
	"slices"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	batchPeople  = 1024 // at most are in a batch
	batchRecords = 4096 // at most are read for one
	flawRecords  = 5    // are named of each flaw
)

// person is whom the records of one openid tell of, and the last record of them.
type person struct {
	former domain.FormerUser
	record int
	key    string
}

// importing is an import under way: it makes people of records.
type importing struct {
	order    ports.ImportOrder
	listener ports.ImportListener
	records  int     // that were read
	begun    int     // of them, when the batch was begun
	open     *person // of whom the next record may tell, too
	complete []person
	read     ports.ImportReport // of Stored and There it knows nothing
}

func newImporting(order ports.ImportOrder, total int64, listener ports.ImportListener) *importing {
	return &importing{
		order: order, listener: listener,
		read: ports.ImportReport{Total: total, After: order.After, Flaws: map[domain.Flaw]ports.FlawCount{}},
	}
}

// take reads one record, and reports whether a batch is full.
func (i *importing) take(record ports.FormerRecord, now time.Time) (full bool) {
	i.records++
	refused := record.Refused
	if refused == "" {
		refused = record.User.Refused(i.order.AppID)
	}
	if refused != "" {
		i.read.Refused++
		i.note(i.records, record.Key, refused)
	} else {
		i.add(record, now)
	}
	return len(i.complete) >= batchPeople || i.records-i.begun >= batchRecords
}

// add has a record tell of the person that the last one told of, or of another.
func (i *importing) add(record ports.FormerRecord, now time.Time) {
	former, flaws := record.User.Checked(now)
	i.note(i.records, record.Key, append(slices.Clone(record.Flaws), flaws...)...)
	if i.open != nil && i.open.former.OpenID == former.OpenID {
		i.read.Merged++
		i.note(i.records, record.Key, domain.FlawDuplicate)
		former = i.open.former.Merge(former)
	} else {
		i.close()
	}
	i.open = &person{former, i.records, record.Key}
}

// close ends the person of whom the last record told.
func (i *importing) close() {
	if i.open == nil {
		return
	}
	_, flaws := i.open.former.User("", i.order.AppID, time.Time{})
	i.note(i.open.record, i.open.key, flaws...)
	i.complete = append(i.complete, *i.open)
	if i.open.key != "" {
		i.read.After = i.open.key
	}
	i.open = nil
}

// batch is what is complete, to be stored.
func (i *importing) batch() importBatch {
	full := importBatch{i.complete, i.snapshot()}
	i.complete, i.begun = make([]person, 0, batchPeople), i.records
	return full
}

func (i *importing) snapshot() ports.ImportReport {
	read := i.read
	read.Flaws = maps.Clone(i.read.Flaws)
	return read
}

func (i *importing) note(record int, key string, flaws ...domain.Flaw) {
	slices.Sort(flaws)
	for _, flaw := range slices.Compact(flaws) {
		count := i.read.Flaws[flaw]
		count.Times++
		if key != "" && len(count.Records) < flawRecords {
			count.Records = append(slices.Clip(count.Records), key)
		}
		i.read.Flaws[flaw] = count
		i.listener.Flawed(record, key, flaw)
	}
}
