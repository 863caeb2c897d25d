package wafertable_test

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"wxlogin/test/testkit"
)

// counting passes on what a client and the server at address say to one another,
// and counts the bytes that the server says.
func counting(t *testing.T, address string) (through string, said *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	said = new(atomic.Int64)
	var passing sync.WaitGroup
	passing.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", address)
			if err != nil {
				_ = client.Close()
				return
			}
			pass := func(to, from net.Conn, count io.Writer) {
				_, _ = io.Copy(io.MultiWriter(to, count), from)
				_, _ = to.Close(), from.Close()
			}
			passing.Go(func() { pass(server, client, io.Discard) })
			passing.Go(func() { pass(client, server, counter{said}) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		passing.Wait()
	})
	return listener.Addr().String(), said
}

type counter struct{ bytes *atomic.Int64 }

func (c counter) Write(text []byte) (int, error) {
	c.bytes.Add(int64(len(text)))
	return len(text), nil
}

// A table may be of gigabytes, and whoever reads on no more waits for the end.
func TestReadingThatStopsEarlyLeavesTheRest(t *testing.T) {
	const rows, bytes = 8_000, 2_000
	address, database, db := testkit.MariaDB(t)
	if _, err := db.Exec(fmt.Sprintf(schema, "")); err != nil {
		t.Fatal(err)
	}
	fill := `INSERT INTO cSessionInfo SELECT CONCAT('o', seq), CONCAT('id-', seq), 'skey', NOW(), NOW(), 'key', REPEAT('x', ?) FROM seq_1_to_` + fmt.Sprint(rows)
	if _, err := db.Exec(fill, bytes); err != nil {
		t.Fatal(err)
	}
	through, said := counting(t, address)
	table := opened(t, through, database, testkit.MariaDBPassword)
	for _, err := range table.Records(t.Context(), "") {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if got := said.Load(); got > rows*bytes/2 {
		t.Errorf("got %d bytes read, want the first of %d", got, rows*bytes)
	}
	if n, err := table.Count(t.Context()); n != rows || err != nil {
		t.Errorf("Count afterwards: got %d and %v, want %d", n, err, rows)
	}
}
