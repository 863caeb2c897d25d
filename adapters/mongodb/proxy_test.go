package mongodb_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy stands between a store and its server, and breaks what is between them.
type proxy struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	mute  bool
	conns []net.Conn
	done  sync.WaitGroup
}

// startProxy returns a proxy for the server in uri, and the URI by way of it.
func startProxy(t *testing.T, uri string) (*proxy, string) {
	t.Helper()
	_, rest, single := strings.Cut(uri, "mongodb://")
	hosts, path, _ := strings.Cut(rest, "/")
	server := hosts[strings.LastIndex(hosts, "@")+1:]
	if !single || strings.Contains(server, ",") {
		t.Skip("the database is not on one server that a proxy could stand before")
	}
	p := &proxy{server: server, listener: listen(t)}
	p.done.Go(p.accept)
	t.Cleanup(func() {
		_ = p.listener.Close()
		p.cut()
		p.done.Wait()
	})
	if !strings.Contains(path, "directConnection") { // else the server tells where it is
		path += "&directConnection=true"
		if !strings.Contains(path, "?") {
			path = strings.Replace(path, "&", "?", 1)
		}
	}
	return p, "mongodb://" + strings.TrimSuffix(hosts, server) + p.listener.Addr().String() + "/" + path
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = in.Close()
			return
		}
		p.mu.Lock()
		p.conns = append(p.conns, in, out)
		p.mu.Unlock()
		p.done.Go(func() { p.pass(out, in) })
		p.done.Go(func() { p.pass(in, out) })
	}
}

func (p *proxy) pass(to, from net.Conn) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if p.silent() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) silent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mute
}

// silence lets nothing through any more, in connections old and new, or ends that.
func (p *proxy) silence(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = on
}

// cut ends the connections that there are.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// deaf is the address of one that takes connections and never says a word.
func deaf(t *testing.T) string {
	t.Helper()
	l := listen(t)
	var held sync.WaitGroup
	held.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held.Go(func() { _, _ = io.Copy(io.Discard, c); _ = c.Close() })
		}
	})
	t.Cleanup(func() { _ = l.Close(); held.Wait() })
	return l.Addr().String()
}

// closed is the address of nobody.
func closed(t *testing.T) string {
	t.Helper()
	l := listen(t)
	_ = l.Close()
	return l.Addr().String()
}
