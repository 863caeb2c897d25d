package testkit

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The opcodes of MongoDB's wire protocol that are spoken here, and the bytes before
// the document in a message of each.
const (
	opReply, opQuery, opMsg = 1, 2004, 2013

	headBytes  = 16
	replyBytes = headBytes + 20
	msgBytes   = headBytes + 5
)

// InstantMongo is a MongoDB of one collection, "users", whose documents it has sorted
// already and sends as fast as they are asked for. So all time that an import from
// it takes is the importer's. To whoever looks for one it gives the first.
type InstantMongo struct {
	Documents []bson.Raw
	Batch     int
	Options   bson.D // with which the collection was made
	Unlisted  int    // the code with which it lists no collections; 0: it does

	mu    sync.Mutex
	heard map[string][]bson.Raw
}

// Heard are the commands of that name that came.
func (m *InstantMongo) Heard(name string) []bson.Raw {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.heard[name]
}

// Serve answers on loopback until the end of tb, and returns the URI.
func (m *InstantMongo) Serve(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_ = m.talk(conn) // the driver says what went wrong
			}()
		}
	}()
	return "mongodb://" + listener.Addr().String() + "/scaffold?directConnection=true"
}

func (m *InstantMongo) talk(conn net.Conn) error {
	sent, head := 0, make([]byte, headBytes)
	for {
		if _, err := io.ReadFull(conn, head); err != nil {
			return err
		}
		body := make([]byte, binary.LittleEndian.Uint32(head)-headBytes)
		if _, err := io.ReadFull(conn, body); err != nil {
			return err
		}
		id, code := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[12:])
		said, err := bson.Marshal(m.answer(code, body, &sent))
		if err != nil {
			return err
		}
		if _, err := conn.Write(framed(id, code, said)); err != nil {
			return err
		}
	}
}

// framed puts a document into the answer to a message.
func framed(id, code uint32, document []byte) []byte {
	size, as := msgBytes, uint32(opMsg)
	if code == opQuery {
		size, as = replyBytes, opReply
	}
	wire := make([]byte, size, size+len(document))
	binary.LittleEndian.PutUint32(wire, uint32(size+len(document)))
	binary.LittleEndian.PutUint32(wire[8:], id)
	binary.LittleEndian.PutUint32(wire[12:], as)
	if code == opQuery {
		binary.LittleEndian.PutUint32(wire[32:], 1) // document
	}
	return append(wire, document...)
}

// answer is what a command gets. sent is how many documents went before.
func (m *InstantMongo) answer(code uint32, body []byte, sent *int) bson.D {
	switch m.hear(code, body) {
	case "count":
		return bson.D{{Key: "n", Value: len(m.Documents)}, {Key: "ok", Value: 1}}
	case "listCollections":
		if m.Unlisted != 0 {
			return bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: m.Unlisted}, {Key: "errmsg", Value: "user is not allowed to do action [listCollections]"}}
		}
		users := bson.D{{Key: "name", Value: "users"}, {Key: "type", Value: "collection"}, {Key: "options", Value: m.Options}}
		return batchOf("firstBatch", 0, []bson.D{users})
	case "find":
		return batchOf("firstBatch", 0, m.Documents[:1])
	case "aggregate":
		*sent = 0
		return m.next("firstBatch", sent)
	case "getMore":
		return m.next("nextBatch", sent)
	default: // hello and endSessions
		return bson.D{
			{Key: "isWritablePrimary", Value: true}, {Key: "ismaster", Value: true}, {Key: "maxBsonObjectSize", Value: 16 << 20},
			{Key: "maxMessageSizeBytes", Value: 48 << 20}, {Key: "maxWriteBatchSize", Value: 100_000},
			{Key: "minWireVersion", Value: 0}, {Key: "maxWireVersion", Value: 25}, {Key: "ok", Value: 1},
		}
	}
}

func (m *InstantMongo) next(name string, sent *int) bson.D {
	end, cursor := min(*sent+m.Batch, len(m.Documents)), int64(1)
	batch := m.Documents[*sent:end]
	if *sent = end; end == len(m.Documents) {
		cursor = 0
	}
	return batchOf(name, cursor, batch)
}

func batchOf(name string, cursor int64, documents any) bson.D {
	return bson.D{
		{Key: "cursor", Value: bson.D{{Key: name, Value: documents}, {Key: "id", Value: cursor}, {Key: "ns", Value: "scaffold.users"}}},
		{Key: "ok", Value: 1},
	}
}

// hear returns the name of a command, or nothing.
func (m *InstantMongo) hear(code uint32, body []byte) (name string) {
	if code != opMsg {
		return ""
	}
	command := bson.Raw(body[5:])
	elements, _ := command.Elements()
	name = elements[0].Key()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.heard == nil {
		m.heard = map[string][]bson.Raw{}
	}
	m.heard[name] = append(m.heard[name], command)
	return name
}
