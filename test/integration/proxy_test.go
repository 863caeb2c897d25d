package integration

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"wxlogin/domain"
)

// proxy stands between a service and its database, and can be taken away.
type proxy struct {
	server  string
	address string

	mu    sync.Mutex
	door  net.Listener // nil: away
	conns []net.Conn
	done  sync.WaitGroup
}

// before returns a proxy for the server in uri, and the URI by way of it.
func before(t *testing.T, uri string) (*proxy, domain.Secret) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: u.Host, address: "127.0.0.1:0"}
	p.open(t)
	t.Cleanup(func() {
		p.shut()
		p.done.Wait()
	})
	u.Host = p.address
	query := u.Query()
	query.Set("directConnection", "true") // else the server tells where it is
	u.RawQuery = query.Encode()
	return p, domain.NewSecret(u.String())
}

// open lets connections through, at the address of before.
func (p *proxy) open(t *testing.T) {
	t.Helper()
	door, err := net.Listen("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.door, p.address = door, door.Addr().String()
	p.done.Go(func() {
		for {
			in, err := door.Accept()
			if err != nil {
				return
			}
			p.pass(in)
		}
	})
}

func (p *proxy) pass(in net.Conn) {
	out, err := net.Dial("tcp", p.server)
	if err != nil {
		_ = in.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.door == nil { // shut meanwhile
		_, _ = in.Close(), out.Close()
		return
	}
	p.conns = append(p.conns, in, out)
	for from, to := range map[net.Conn]net.Conn{in: out, out: in} {
		p.done.Go(func() {
			_, _ = io.Copy(to, from)
			_ = to.Close()
		})
	}
}

// shut ends all connections, and refuses new ones.
func (p *proxy) shut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.door == nil {
		return
	}
	_ = p.door.Close()
	p.door = nil
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}
