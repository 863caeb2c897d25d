package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// patience is how long a connection waits for one answer.
const patience = 30 * time.Second

// connection sends requests that are ready made and reads the answers, and does
// no more: the servers share the machine with it, and what it costs is missing
// from both their paces.
type connection struct {
	conn net.Conn
	in   *bufio.Reader
	stop func() bool
}

// dial connects to a server until ctx ends.
func dial(ctx context.Context, address string) (*connection, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return &connection{conn, bufio.NewReader(conn), stop}, nil
}

func (c *connection) close() {
	c.stop()
	_ = c.conn.Close()
}

// answer is a 200.
type answer struct {
	header http.Header
	body   []byte
	took   time.Duration
}

// ask sends one request and returns its answer, or an error for any that is not
// 200.
func (c *connection) ask(request []byte) (answer, error) {
	start := time.Now()
	if err := c.conn.SetDeadline(start.Add(patience)); err != nil {
		return answer{}, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return answer{}, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(res.Body)
	took := time.Since(start)
	if res.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("got %d %s, want 200", res.StatusCode, body))
	}
	return answer{res.Header, body, took}, errors.Join(err, res.Body.Close())
}

// get makes a request of person with an access token.
func get(path string, person int, token string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\n%sAuthorization: Bearer %s\r\n\r\n", path, from(person), token)
}

// post makes a request of person with a body.
func post(path string, person int, headers string, body []byte) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\n%s%sContent-Length: %d\r\n\r\n%s", path, from(person), headers, len(body), body)
}

// isJSON is the header of most posts.
const isJSON = "Content-Type: application/json\r\n"

// from are the headers that all requests have. They come through a proxy that
// both servers are told of, from an address of the person's own, so that
// wxlogin's rate limits are asked and have room.
func from(person int) string {
	return fmt.Sprintf("Host: login.example.com\r\nX-Forwarded-For: 10.%d.%d.%d\r\n", person>>16&255, person>>8&255, person&255)
}
