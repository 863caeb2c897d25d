package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"wxlogin/domain"
)

// FuzzPresentedToken looks for a form or a JSON body that makes the service fail,
// and for credentials that make a client of a stranger.
func FuzzPresentedToken(f *testing.F) {
	for _, body := range []string{"token=a", "token=a&token=b", "token=%zz", `{"token":"a"}`, "", "a=b&token=+%00", `{"token":"\ud800"}`} {
		f.Add(true, asShop[1], body)
		f.Add(false, asShop[1], body)
		f.Add(true, "Basic "+goodToken, body)
	}
	f.Add(false, "BAsiC c2hvcDpzZWNyZXQlMkJvZiUzYSBzaG9wKzEwMCUyNSUyNiUzZCVDMyVBOX==", "token=a") // the shop's, spelled otherwise
	var asked int
	var got domain.Secret
	s := build(world{inspect: func(_ domain.ServiceClient, token domain.Secret) (domain.AccessToken, bool) {
		asked, got = asked+1, token
		return domain.AccessToken{}, false
	}})
	f.Fuzz(func(t *testing.T, form bool, authorization, body string) {
		if strings.ContainsFunc(authorization, unicode.IsControl) {
			return // no header can be like this
		}
		r := sends(http.MethodPost, introspect, body, "Authorization", authorization)
		if form {
			r = sendsForm(introspect, body, "Authorization", authorization)
		}
		before := asked
		a := serve(s, r)
		switch a.status {
		case http.StatusOK:
			if asked != before+1 || got.Empty() || len(got.Reveal()) > 4*8192 || string(a.body) != `{"active":false}`+"\n" {
				t.Errorf("%q: asked %d times, got %s", body, asked-before, a.body)
			}
		case http.StatusBadRequest:
			if p := a.problem(t); p.Error != "invalid_request" || len(p.Errors) == 0 || asked != before {
				t.Errorf("%q: got %s", body, a.body)
			}
		case http.StatusUnauthorized:
			if p := a.problem(t); p.Error != "invalid_client" || asked != before || authorization == asShop[1] {
				t.Errorf("%q: got %s", authorization, a.body)
			}
		case http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("%q %q: got %d %s", authorization, body, a.status, a.body)
		}
		if a.status != http.StatusUnauthorized && credentials(authorization) != credentials(asShop[1]) {
			t.Errorf("%q is let in", authorization)
		}
	})
}

// credentials returns the id and the secret in a header, which may be spelled in
// several ways: in base64, the last bits of it may be any, and escaped.
func credentials(authorization string) [2]string {
	r := http.Request{Header: http.Header{"Authorization": {authorization}}}
	name, password, _ := r.BasicAuth()
	id, _ := url.QueryUnescape(name)
	secret, _ := url.QueryUnescape(password)
	return [2]string{id, secret}
}
