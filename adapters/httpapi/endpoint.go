package httpapi

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// maxBody is the longest JSON body that is read, in bytes.
const maxBody = 64 << 10

// empty is the input of an endpoint that takes none.
type empty struct{}

// endpoint makes a route of a function: strict JSON in, validated, JSON out. An
// error becomes a problem document in problem.go.
func endpoint[In, Out any](status int, call func(context.Context, In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		var in In
		if err := bind(c, &in); err != nil {
			return err
		}
		out, err := call(c.Request().Context(), in)
		if err != nil {
			return err
		}
		return c.JSON(status, out)
	}
}

// secured is endpoint for callers with an access token; who they are is a
// parameter of the function.
func secured[In, Out any](a *API, status int, call func(context.Context, domain.Caller, In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		caller, err := a.caller.Authenticate(c.Request().Context(), bearer(c.Request()))
		if err != nil {
			return err
		}
		return endpoint(status, func(ctx context.Context, in In) (Out, error) { return call(ctx, caller, in) })(c)
	}
}

// bearer returns the token of an "Authorization: Bearer" header, the only place
// where one is looked for (RFC 6750 section 2.1). Two such headers are none.
func bearer(r *http.Request) domain.Secret {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return domain.Secret{}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return domain.Secret{}
	}
	return domain.NewSecret(strings.TrimSpace(token))
}

// document serves what is the same for everyone.
func document(mediaType, cache string, content func() []byte) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", cache)
		return c.Blob(http.StatusOK, mediaType, content())
	}
}

// bind reads the request's JSON into in, which an endpoint without input skips.
func bind[In any](c echo.Context, in *In) error {
	if _, none := any(in).(*empty); none {
		return nil
	}
	r := c.Request()
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || kind != "application/json" || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return errMediaType
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	if err != nil {
		return bodyError(err)
	}
	if faults := decodeStrictly(body, in); len(faults) > 0 {
		return &requestError{faults}
	}
	return validate(in)
}
