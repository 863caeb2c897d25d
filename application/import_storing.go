package application

import (
	"context"
	"sync"
	"sync/atomic"

	"wxlogin/ports"
)

// importWriters is how many people of a batch are stored at a time.
const importWriters = 128

// importBatch is people who are complete, and how far the reading was with them.
type importBatch struct {
	people []person
	read   ports.ImportReport
}

// importStoring stores one batch after the other, while what calls it does
// something else.
type importStoring struct {
	store    func(context.Context, []person) (newcomers int, err error)
	listener ports.ImportListener
	underWay chan importOutcome // nil: no batch is
	done     ports.ImportReport // as far as batches are stored
}

// importOutcome is what became of a batch.
type importOutcome struct {
	importBatch
	newcomers int
	err       error
}

// begin waits for the batch before, and begins next if that was stored and ctx is
// not over. A batch that was begun is ended, whether or not ctx is over.
func (s *importStoring) begin(ctx context.Context, next importBatch) error {
	if err := s.wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	underWay := make(chan importOutcome, 1)
	s.underWay = underWay
	go func() {
		newcomers, err := s.store(context.WithoutCancel(ctx), next.people)
		underWay <- importOutcome{next, newcomers, err}
	}()
	return nil
}

// wait waits for the batch that is under way, and tells how far that is.
func (s *importStoring) wait() error {
	if s.underWay == nil {
		return nil
	}
	outcome := <-s.underWay
	s.underWay = nil
	if outcome.err != nil {
		return outcome.err
	}
	stored := outcome.newcomers + s.done.Stored
	there := len(outcome.people) - outcome.newcomers + s.done.There
	s.done = outcome.read
	s.done.Stored, s.done.There = stored, there
	s.listener.Progress(s.done)
	return nil
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
