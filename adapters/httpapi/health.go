package httpapi

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
	"wxlogin/ports"
)

type healthResponse struct {
	Status string            `json:"status"`
	Checks map[string]string `json:"checks,omitempty"`
}

// getLive says that the process runs. It asks nothing else.
func (a *API) getLive(c echo.Context) error {
	return c.JSON(http.StatusOK, healthResponse{Status: "live"})
}

// notReady is a service that should get no new work.
type notReady struct {
	error
	checks map[string]string
}

func (e *notReady) Unwrap() error { return e.error }

// lastCheck is what the store said when it was asked last. It is asked once a
// second at most, and by one at a time: anybody may call /readyz, as often as
// they like, and must not keep logins from the store by it.
type lastCheck struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

const checkHolds = time.Second

func (l *lastCheck) ask(ctx context.Context, store ports.Probe) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.at) >= checkHolds {
		// The answer is for all who wait, so it does not end with one of them.
		l.err = store.Check(context.WithoutCancel(ctx))
		l.at = time.Now()
	}
	return l.err
}

// errNothingRead is a process that takes every session for live, also those that
// were ended before its start.
var errNothingRead = errors.New("the revocations were not read since the start")

// getReady says whether the service should get work: the store answers, the
// revocations were read once, and no stop is under way. WeChat's state is shown
// and decides nothing: sessions can be checked without it. Nor does it decide that
// logouts on other replicas no longer arrive: this one goes on with those that it
// knows.
func (a *API) getReady(c echo.Context) error {
	checks := map[string]string{"store": "up", "wechat": "up", "revocations": "current"}
	if !a.Platform.PlatformReachable() {
		checks["wechat"] = "down"
	}
	known := a.Revocations.RevocationState()
	if !known.Current {
		checks["revocations"] = "stale"
	}
	err := a.stored.ask(c.Request().Context(), a.Store)
	if err != nil {
		checks["store"] = "down"
		err = errors.Join(domain.ErrStoreUnavailable, err)
	} else if known.ReadAt.IsZero() {
		err = errors.Join(domain.ErrStoreUnavailable, errNothingRead)
	}
	if a.edge.draining.Load() {
		err = errShuttingDown
	}
	if err != nil {
		return &notReady{err, checks}
	}
	return c.JSON(http.StatusOK, healthResponse{"ready", checks})
}
