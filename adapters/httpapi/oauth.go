package httpapi

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// oauthError is a failure of an endpoint whose form RFC 6749 gives: its problem
// document has the member "error" of section 5.2 too.
type oauthError struct{ error }

func (e *oauthError) Unwrap() error { return e.error }

// oauthCodes are the codes that RFC 6749 knows.
var oauthCodes = map[string]bool{
	errRequest.code: true, errGrant.code: true, errGrantType.code: true, domain.ErrClientInvalid.Code: true,
}

func oauth(handler echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := handler(c); err != nil {
			return &oauthError{err}
		}
		return nil
	}
}

// forClients is a route for configured service clients, which name themselves by
// HTTP Basic.
func (a *API) forClients(handler func(echo.Context, domain.ServiceClient) error) echo.HandlerFunc {
	return oauth(func(c echo.Context) error {
		client, err := a.client(c.Request())
		if err != nil {
			// Who guesses is soon told to stop. A right secret is never refused: nobody
			// shall shut a backend out by guessing from its address, and the 256 random bits
			// of a secret are not to be guessed.
			if !a.edge.strangers.allow(network(c.RealIP()), time.Now()) {
				return domain.ErrRateLimited
			}
			return err
		}
		return handler(c, client)
	})
}

// client returns the service client that sent r. RFC 6749 section 2.3.1 has both
// parts of the header escaped as in a form.
func (a *API) client(r *http.Request) (domain.ServiceClient, error) {
	name, password, ok := r.BasicAuth()
	id, wrongID := url.QueryUnescape(name)
	secret, wrongSecret := url.QueryUnescape(password)
	if !ok || wrongID != nil || wrongSecret != nil || len(r.Header.Values("Authorization")) > 1 {
		return domain.ServiceClient{}, domain.ErrClientInvalid
	}
	return a.Clients.Identify(id, domain.NewSecret(secret))
}

// form is a body whose parameters come once each (RFC 6749 section 3.2).
type form map[string]string

func readForm(c echo.Context) (form, error) {
	if mediaType(c.Request()) != "application/x-www-form-urlencoded" {
		return nil, errMediaType
	}
	body, err := readBody(c)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &requestError{[]fieldFault{{Rule: "form"}}}
	}
	f := make(form, len(values))
	for name, all := range values {
		if len(all) > 1 {
			return nil, &requestError{[]fieldFault{{Rule: "duplicate"}}}
		}
		f[name] = all[0]
	}
	return f, nil
}

func (f form) required(name string) (domain.Secret, error) {
	switch n := len(f[name]); {
	case n == 0:
		return domain.Secret{}, &requestError{[]fieldFault{{name, "required"}}}
	case n > maxPresented:
		return domain.Secret{}, &requestError{[]fieldFault{{name, "max"}}}
	}
	return domain.NewSecret(f[name]), nil
}
