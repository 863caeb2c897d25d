package sqlite_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/sqlite"
)

func TestNothingIsLeftInTheFilesOfWhoWasErased(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		live(t, store, 1)
		live(t, store, 2)
		time.Sleep(90 * time.Second) // so that it is in the file
		leave(t, store, 1)
		time.Sleep(90 * time.Second)
		synctest.Wait()
		wantNothingOf(t, readable(t, dir), 1, 2)
		if size := logSize(t, dir); size != 0 {
			t.Errorf("got %d bytes in the log, want none", size)
		}
	})
}

func TestNothingIsLeftInTheFilesAfterClose(t *testing.T) {
	dir := t.TempDir()
	store := open(t, dir)
	live(t, store, 1)
	live(t, store, 2)
	leave(t, store, 1)
	closeStore(t, store)
	wantNothingOf(t, readable(t, dir), 1, 2)
}

// TestNothingIsLeftOfAnyoneAmongMany erases every other of so many that SQLite moved
// their rows to and fro before.
func TestNothingIsLeftOfAnyoneAmongMany(t *testing.T) {
	const many = 600
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		each(many, func(n int) { live(t, store, n) })
		each(many/2, func(n int) { leave(t, store, 2*n) })
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		found := readable(t, dir)
		for n := 0; n < many; n += 2 {
			wantNothingOf(t, found, n, n+1)
		}
		wantIntegrity(t, store)
		for n := 1; n < many; n += 60 {
			_, change, _ := person(n)
			got, err := sqlite.NewUserRepository(store).Find(t.Context(), visitor(n).ID)
			if err != nil || got.Profile.Nickname != change.Nickname || got.Phone.Text != change.Phone.Text {
				t.Errorf("person %d: got %v and error %v, want what is known", n, got, err)
			}
		}
	})
}

// TestCopiesBetweenRowsGo puts texts where SQLite leaves copies of rows that it moved,
// which it does not do whenever one would like it to.
func TestCopiesBetweenRowsGo(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		each(100, func(n int) { live(t, store, n) })
		if planted := plant(t, store, []byte(canaries(1000)["phone"])); planted < 10 {
			t.Fatalf("got room for a copy on %d pages, want more", planted)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if !readable(t, dir)[canaries(1000)["phone"]] {
			t.Error("got the copies gone before anyone was erased, want them there for the test to prove something")
		}
		leave(t, store, 0)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		found := readable(t, dir)
		wantNothingOf(t, found, 1000, 1)
		wantNothingOf(t, found, 0, 2)
		wantIntegrity(t, store)
	})
}

// A file is not built anew each minute, however many leave.
func TestFileIsRebuiltOnceAnHour(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		each(100, func(n int) { live(t, store, n) })
		leave(t, store, 0)
		time.Sleep(2 * time.Minute)
		plant(t, store, []byte(canaries(1000)["phone"]))
		leave(t, store, 1)
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if !readable(t, dir)[canaries(1000)["phone"]] {
			t.Error("got the file rebuilt twice in half an hour")
		}
		time.Sleep(31 * time.Minute)
		synctest.Wait()
		if readable(t, dir)[canaries(1000)["phone"]] {
			t.Error("got the file not rebuilt after an hour")
		}
	})
}

// plant writes text into the gap of each page of a tree that has room for it, and
// returns how many have.
func plant(t *testing.T, store *sqlite.Store, text []byte) (planted int) {
	t.Helper()
	rows, err := store.Writes().QueryContext(t.Context(), `SELECT pgno, data FROM sqlite_dbpage WHERE pgno > 1 AND pgno IN
		(SELECT pageno FROM dbstat WHERE pagetype = 'leaf' AND ncell > 0)`)
	if err != nil {
		t.Fatal(err)
	}
	pages := map[int64][]byte{}
	for rows.Next() {
		var number int64
		var data []byte
		if err := rows.Scan(&number, &data); err != nil {
			t.Fatal(err)
		}
		pages[number] = data
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for number, data := range pages {
		begin := 8 + 2*int(data[3])<<8 + 2*int(data[4])
		if end := int(data[5])<<8 + int(data[6]); end-begin < len(text) {
			continue
		}
		copy(data[begin:], text)
		if _, err := store.Writes().ExecContext(t.Context(), "UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?", data, number); err != nil {
			t.Fatal(err)
		}
		planted++
	}
	return planted
}
