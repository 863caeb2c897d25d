package httpapi

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
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

// getReady says whether the service should get work: the store answers, and no
// stop is under way. WeChat's state is shown and decides nothing: sessions can
// be checked without it.
func (a *API) getReady(c echo.Context) error {
	checks := map[string]string{"store": "up", "wechat": "up"}
	if !a.platform.PlatformReachable() {
		checks["wechat"] = "down"
	}
	err := a.store.Check(c.Request().Context())
	if err != nil {
		checks["store"] = "down"
		err = errors.Join(domain.ErrStoreUnavailable, err)
	}
	if a.edge.draining.Load() {
		err = errShuttingDown
	}
	if err != nil {
		return &notReady{err, checks}
	}
	return c.JSON(http.StatusOK, healthResponse{"ready", checks})
}
