package bench

import (
	"encoding/binary"
	"io"
	"net"
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

// instantMongo is a MongoDB of one collection, whose documents it has sorted
// already and sends as fast as they are asked for. So all time that an import from
// it takes is the importer's.
type instantMongo struct {
	documents []bson.Raw
	batch     int
}

// serve answers on loopback until the end of tb, and returns the URI.
func (m *instantMongo) serve(tb testing.TB) string {
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

func (m *instantMongo) talk(conn net.Conn) error {
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
func (m *instantMongo) answer(code uint32, body []byte, sent *int) bson.D {
	command := ""
	if code == opMsg {
		elements, _ := bson.Raw(body[5:]).Elements()
		command = elements[0].Key()
	}
	switch command {
	case "count":
		return bson.D{{Key: "n", Value: len(m.documents)}, {Key: "ok", Value: 1}}
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

func (m *instantMongo) next(name string, sent *int) bson.D {
	end, cursor := min(*sent+m.batch, len(m.documents)), int64(1)
	batch := m.documents[*sent:end]
	if *sent = end; end == len(m.documents) {
		cursor = 0
	}
	return bson.D{
		{Key: "cursor", Value: bson.D{{Key: name, Value: batch}, {Key: "id", Value: cursor}, {Key: "ns", Value: "scaffold.users"}}},
		{Key: "ok", Value: 1},
	}
}
