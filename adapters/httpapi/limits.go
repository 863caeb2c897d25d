package httpapi

import (
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"wxlogin/config"
	"wxlogin/domain"
)

// window allows so many requests at once, and as many in each such time at length.
type window struct {
	requests int
	per      time.Duration
}

// The windows of one client address. They are wide: hundreds of phones share an
// address behind a carrier's gateway. A phone refreshes more often than it logs
// in, and without a call to WeChat. What makes a picture, an export or a call to
// WeChat for a user, or tries their keys on open data, is seldom. Only service
// clients with a wrong secret are strangers.
var (
	loginWindows    = []window{{300, 10 * time.Second}, {1200, time.Minute}}
	refreshWindows  = []window{{600, 10 * time.Second}, {3000, time.Minute}}
	costlyWindows   = []window{{60, 10 * time.Second}, {240, time.Minute}}
	strangerWindows = []window{{20, 10 * time.Second}, {60, time.Minute}}
)

// The windows of one person who logs in without a code. WeChat limits the codes of a
// person; here nobody else does. Each login may leave a session behind that lives for
// weeks: that of a day bounds how many one person has, as long as the person is among
// those who are remembered.
var personWindows = []window{{10, 10 * time.Second}, {200, 24 * time.Hour}}

// maxClients bounds the addresses that are remembered; the longest unseen is
// forgotten first.
const maxClients = 20_000

// limiter holds every client address to all windows.
type limiter = limiterOf[netip.Prefix]

// limiterOf holds every client to all windows. Nil allows everything.
type limiterOf[K comparable] struct {
	windows []window
	mu      sync.Mutex
	clients *lru.Cache[K, []*rate.Limiter]
}

func newLimiter(cfg config.HTTP, windows []window) *limiter {
	if !cfg.RateLimits {
		return nil
	}
	return newLimiterOf[netip.Prefix](windows)
}

func newLimiterOf[K comparable](windows []window) *limiterOf[K] {
	clients, err := lru.New[K, []*rate.Limiter](maxClients)
	if err != nil {
		return nil // cannot happen: the size is positive
	}
	return &limiterOf[K]{windows: windows, clients: clients}
}

// allow takes one request from every window of client, or reports that one of them
// is spent.
func (l *limiterOf[K]) allow(client K, now time.Time) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	windows, ok := l.clients.Get(client)
	if !ok {
		for _, w := range l.windows {
			windows = append(windows, rate.NewLimiter(rate.Every(w.per/time.Duration(w.requests)), w.requests))
		}
		l.clients.Add(client, windows)
	}
	for _, w := range windows {
		if w.TokensAt(now) < 1 {
			return false
		}
	}
	for _, w := range windows {
		w.AllowN(now, 1)
	}
	return true
}

// network is what counts as one client: an IPv4 address, or the /64 that an IPv6
// customer is given.
func network(address string) netip.Prefix {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

// limit refuses a request from an address that has had too many.
func (e *edge) limit(l *limiter) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !l.allow(network(c.RealIP()), time.Now()) {
				return domain.ErrRateLimited
			}
			return next(c)
		}
	}
}

// clientAddress says whose address a request comes from: the peer's, or, where
// that is a trusted proxy, the last untrusted one in X-Forwarded-For.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		options = append(options, echo.TrustIPRange(ipNet(prefix)))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
