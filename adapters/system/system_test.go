package system_test

import (
	"encoding/base64"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/system"
	"wxlogin/ports"
)

func TestClockTellsTheTimeInUTC(t *testing.T) {
	before := time.Now()
	now := system.NewClock().Now()
	if now.Location() != time.UTC {
		t.Errorf("got location %v, want UTC", now.Location())
	}
	if now.Before(before) || now.After(time.Now()) {
		t.Errorf("got %v, want a time between the calls around it", now)
	}
}

func TestIDIsAUUIDOfVersion7ThatTellsItsTime(t *testing.T) {
	before := time.Now().Truncate(time.Millisecond)
	text := system.NewEntropy().NewID()
	id, err := uuid.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%s): got %v, want no error", text, err)
	}
	if id.Version() != 7 || id.Variant() != uuid.RFC4122 || id.String() != text {
		t.Errorf("got %s of version %v, want a UUIDv7 in its usual spelling", text, id.Version())
	}
	if made := time.Unix(id.Time().UnixTime()); made.Before(before) || made.After(time.Now()) {
		t.Errorf("got an ID of %v, want one of now", made)
	}
}

func TestIDsSortInTheOrderTheyWereMade(t *testing.T) {
	entropy := system.NewEntropy()
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = entropy.NewID()
	}
	if !slices.IsSorted(ids) {
		t.Error("got IDs out of order")
	}
	if n := len(slices.Compact(ids)); n != len(ids) {
		t.Errorf("got %d different IDs, want %d", n, len(ids))
	}
}

func TestTokenIs43CharactersOf32Bytes(t *testing.T) {
	text := system.NewEntropy().NewToken().Reveal()
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if len(text) != 43 || err != nil || len(raw) != 32 {
		t.Errorf("got %d characters, %d bytes (%v), want 43 and 32", len(text), len(raw), err)
	}
}

// A bit that is the same in 256 tokens is no accident.
func TestEveryBitOfATokenVaries(t *testing.T) {
	var ones, zeros [32]byte
	for range 256 {
		raw, err := base64.RawURLEncoding.DecodeString(system.NewEntropy().NewToken().Reveal())
		if err != nil {
			t.Fatalf("got %v, want base64url", err)
		}
		for i, b := range raw {
			ones[i] |= b
			zeros[i] |= ^b
		}
	}
	for i := range ones {
		if ones[i] != 0xff || zeros[i] != 0xff {
			t.Errorf("byte %d has a bit that never changes", i)
		}
	}
}

func TestParallelCallsNeverGetTheSame(t *testing.T) {
	const callers, calls = 16, 500
	entropy := system.NewEntropy()
	made := make([][]string, callers)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			for range calls {
				made[i] = append(made[i], entropy.NewID(), entropy.NewToken().Reveal())
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, texts := range made {
		for _, text := range texts {
			seen[text] = true
		}
	}
	if want := 2 * callers * calls; len(seen) != want {
		t.Errorf("got %d different texts, want %d", len(seen), want)
	}
}

func TestModulePlugsEveryPort(t *testing.T) {
	var clock ports.Clock
	var entropy ports.Entropy
	app := fxtest.New(t, system.Module, fx.Populate(&clock, &entropy))
	app.RequireStart().RequireStop()
	if clock.Now().IsZero() || entropy.NewID() == "" {
		t.Error("got ports that do nothing")
	}
}

func BenchmarkNewID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = system.NewEntropy().NewID()
	}
}

func BenchmarkNewToken(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = system.NewEntropy().NewToken()
	}
}
