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

// empty is the input of an endpoint that takes none, and the output of one that
// has none.
type empty struct{}

// bodyless is an input whose request's body is not looked at.
type bodyless interface{ bodyless() }

func (*empty) bodyless() {}

// bodyOptional is an input whose request need not have a body.
type bodyOptional interface{ bodyOptional() }

// fromRequest is an input that takes something from elsewhere than the body too.
type fromRequest interface {
	fromRequest(r *http.Request, param func(string) string) []fieldFault
}

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
		if _, none := any(out).(empty); none {
			return c.NoContent(status)
		}
		return c.JSON(status, out)
	}
}

// secured is endpoint for callers with an access token; who they are is a
// parameter of the function.
func secured[In, Out any](a *API, status int, call func(context.Context, domain.Caller, In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		caller, err := a.Authenticate.Authenticate(c.Request().Context(), bearer(c.Request()))
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

// bind reads what an endpoint takes.
func bind[In any](c echo.Context, in *In) error {
	if _, none := any(in).(bodyless); !none {
		if err := bindJSON(c, in); err != nil {
			return err
		}
	}
	if more, ok := any(in).(fromRequest); ok {
		if faults := more.fromRequest(c.Request(), c.Param); len(faults) > 0 {
			return &requestError{faults}
		}
	}
	return nil
}

func bindJSON(c echo.Context, in any) error {
	_, optional := in.(bodyOptional)
	told := mediaType(c.Request()) == "application/json"
	if !told && !optional {
		return errMediaType
	}
	body, err := readBody(c)
	switch {
	case err != nil:
		return err
	case optional && len(body) == 0:
		return nil
	case !told:
		return errMediaType
	}
	if faults := decodeStrictly(body, in); len(faults) > 0 {
		return &requestError{faults}
	}
	return validate(in)
}

// mediaType returns the kind of a body in UTF-8, and "" for any other.
func mediaType(r *http.Request) string {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return ""
	}
	return kind
}

func readBody(c echo.Context) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	if err != nil {
		return nil, bodyError(err)
	}
	return body, nil
}
