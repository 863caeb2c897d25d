package ports

import (
	"context"
	"iter"

	"wxlogin/domain"
)

// ImportUseCase takes over the users of another service.
type ImportUseCase interface {
	// Import stores the people of the service's records as users, each once: of
	// records of one openid it makes one. Whoever is here already stays as they are,
	// so that to import again changes nothing. It tells listener how far it is, and
	// needs no more memory for many than for few. With an error, or ctx over, all
	// that comes up to the report's After is stored.
	Import(ctx context.Context, order ImportOrder, listener ImportListener) (ImportReport, error)
}

// ImportListener is told of an import under way, by one goroutine at a time, which
// waits for it.
type ImportListener interface {
	// Progress tells how far it is: once before the first record is read, and then
	// each time that users were stored, or that many records were read which make
	// none.
	Progress(report ImportReport)

	// Flawed tells what is wrong with a record: the how manieth that is read, from 1,
	// and its Key, which may be empty. It comes when the record is read, and so before
	// what it makes is stored.
	Flawed(record int, key string, flaw domain.Flaw)
}

// ImportOrder is what to import.
type ImportOrder struct {
	AppID  domain.AppID // whose openids they are
	After  string       // the record to go on behind; empty: from the start
	DryRun bool         // store nothing, and report as if
}

// ImportReport is how far an import is. Every record was read as one of Stored,
// There, Merged and Refused.
type ImportReport struct {
	Total   int64 // of the service's records, about; 0: nobody knows
	Stored  int   // users, new
	There   int   // users who were here already, and stay as they are
	Merged  int   // records that add to a user of another record
	Refused int   // records of which no user is made
	After   string
	Flaws   map[domain.Flaw]FlawCount
}

// FlawCount is how often there was a flaw, with the first records that had it.
type FlawCount struct {
	Times   int
	Records []string // at most five
}

// Read is how many records were read.
func (r ImportReport) Read() int { return r.Stored + r.There + r.Merged + r.Refused }

// FormerRecord is one record of another service.
type FormerRecord struct {
	// Key names the record in its own service, and nobody's person, in what
	// domain.FormerUser.RecordKey lets through. Empty: nothing does.
	Key   string
	User  domain.FormerUser
	Flaws []domain.Flaw // that reading it brought up
	// Refused is the flaw for which the record is of nobody. Empty: it is someone's.
	Refused domain.Flaw
}

// FormerUsers are the users of another service. It reads, and changes nothing.
type FormerUsers interface {
	// Count returns about how many records there are.
	Count(ctx context.Context) (int64, error)

	// Records yields the records one by one as they come, in an order that stays,
	// those of one openid one after the other. Those up to the record that after
	// names, and of its openid, are left out; empty: none. It ends with an error
	// where it could not read on, where there is no such record, or where ctx ends.
	Records(ctx context.Context, after string) iter.Seq2[FormerRecord, error]
}

// ImportRepository stores people who are known from elsewhere. It works on the
// identities of UserRepository, and what is said there of errors and durability
// holds here too.
type ImportRepository interface {
	// Import stores user if nobody has its identity, as one who has never logged in
	// here, whatever user's FirstLoginAt, and reports whether it did. Whoever
	// has it stays as they are. Of any number of parallel calls for one identity, and
	// of UserRepository.RecordLogin among them, exactly one stores.
	Import(ctx context.Context, user domain.WeChatUser) (stored bool, err error)
}
