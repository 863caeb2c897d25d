package httpapi

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"wxlogin/domain"
)

// problem is the body of every failure: RFC 9457.
type problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Code      string            `json:"code"`
	Detail    string            `json:"detail"`
	RequestID string            `json:"requestId"`
	Errors    []fieldFault      `json:"errors,omitempty"`
	Checks    map[string]string `json:"checks,omitempty"`
	Error     string            `json:"error,omitempty"` // of RFC 6749, where that gives the form
}

// Failures that only the edge knows. Their status is beside them, for no kind of
// the domain's fits.
var (
	errRequest      = &edgeError{http.StatusBadRequest, "invalid_request"}
	errGrant        = &edgeError{http.StatusBadRequest, "invalid_grant"}
	errGrantType    = &edgeError{http.StatusBadRequest, "unsupported_grant_type"}
	errNotFound     = &edgeError{http.StatusNotFound, "not_found"}
	errMethod       = &edgeError{http.StatusMethodNotAllowed, "method_not_allowed"}
	errTooLarge     = &edgeError{http.StatusRequestEntityTooLarge, "payload_too_large"}
	errMediaType    = &edgeError{http.StatusUnsupportedMediaType, "unsupported_media_type"}
	errPictureType  = &edgeError{http.StatusUnsupportedMediaType, "unsupported_media_type"}
	errShuttingDown = &edgeError{http.StatusServiceUnavailable, "shutting_down"}
	errInternal     = &edgeError{http.StatusInternalServerError, "internal"}
)

type edgeError struct {
	status int
	code   string
}

// Error returns the code.
func (e *edgeError) Error() string { return e.code }

// statuses is the only place where a domain failure meets an HTTP status.
var statuses = map[domain.Kind]int{
	domain.KindInvalid:         http.StatusBadRequest,
	domain.KindUnauthenticated: http.StatusUnauthorized,
	domain.KindForbidden:       http.StatusForbidden,
	domain.KindNotFound:        http.StatusNotFound,
	domain.KindRateLimited:     http.StatusTooManyRequests,
	domain.KindUnprocessable:   http.StatusUnprocessableEntity,
	domain.KindUnavailable:     http.StatusServiceUnavailable,
	domain.KindConflict:        http.StatusConflict,
}

// retryAfter is how long a client should wait, in seconds, by status: WeChat's
// quotas are per minute, its breaker pauses a second.
var retryAfter = map[int]int{
	http.StatusTooManyRequests:    60,
	http.StatusServiceUnavailable: 2,
}

// Describe returns what err means at the edge, for protocols that put it into a
// form of their own: its status, its code, and its title in Chinese.
func Describe(err error) (status int, code, title string) {
	status, code = classify(err)
	return status, code, texts[code].zh.title
}

// classify returns the status and the code that err has at the edge: what was
// promised, or 500 internal, which says nothing.
func classify(err error) (status int, code string) {
	var request *requestError
	var edge *edgeError
	var promised *domain.Error
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &promised):
		return statuses[promised.Kind], promised.Code
	case errors.As(err, &edge):
		return edge.status, edge.code
	case errors.As(err, &request):
		return errRequest.status, errRequest.code
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return errMethod.status, errMethod.code
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return errNotFound.status, errNotFound.code
	}
	return errInternal.status, errInternal.code
}

// writeProblem answers a request with what err means. Nothing else writes a
// status of 400 or more, save mounted protocols that define their own.
func (e *edge) writeProblem(err error, c echo.Context) {
	e.noteFailure(c, err)
	if c.Response().Committed {
		return
	}
	status, code := classify(err)
	text := explain(err, code, c.Request().Header.Get("Accept-Language"))
	p := problem{"/problems/" + code, text.title, status, code, text.detail, RequestID(c.Request().Context()), nil, nil, ""}
	var request *requestError
	if errors.As(err, &request) {
		p.Errors = request.faults
	}
	var unready *notReady
	if errors.As(err, &unready) {
		p.Checks = unready.checks
	}
	var byRFC *oauthError
	if errors.As(err, &byRFC) && oauthCodes[code] {
		p.Error = code
	}
	h := c.Response().Header()
	if seconds, ok := retryAfter[status]; ok {
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", challenge(code))
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/problem+json")
	c.Response().WriteHeader(status)
	if err := c.Echo().JSONSerializer.Serialize(c, p, ""); err != nil {
		e.log.DebugContext(c.Request().Context(), "answer was not taken", "cause", err)
	}
}

// challenge is the WWW-Authenticate header of RFC 6750 section 3, or for service
// clients of RFC 7617.
func challenge(code string) string {
	switch code {
	case domain.ErrClientInvalid.Code:
		return `Basic realm="wxlogin"`
	case domain.ErrTokenInvalid.Code, domain.ErrTokenExpired.Code, domain.ErrSessionRevoked.Code:
		return `Bearer realm="wxlogin", error="invalid_token", error_description="` + code + `"`
	}
	return `Bearer realm="wxlogin"`
}

// languages are those that a client may prefer; all but the first get Chinese.
var languages = language.NewMatcher([]language.Tag{language.English, language.Chinese, language.TraditionalChinese})

// explain returns the texts of a failure in the language that the client prefers.
func explain(err error, code, accept string) text {
	t := texts[code]
	if errors.Is(err, errPictureType) {
		t = pictureTypeTexts
	}
	if _, i := language.MatchStrings(languages, accept); accept != "" && i > 0 {
		return t.zh
	}
	return t.en
}
