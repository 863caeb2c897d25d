package wechatsim

import (
	"encoding/json"
	"io"
	"net/http"
)

const maxBody = 64 << 10

// read gathers what r says.
func (s *Simulator) read(r *http.Request, e endpoint) request {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody)) // all of it, else nobody notices the client leave
	req := request{}
	if e.post {
		req = readBody(r.Method, body, err)
	} else if r.Method == http.MethodGet {
		req = readQuery(r)
	} // else its parameters are not seen: a POST is told "appid missing"
	req.now = s.cfg.Now()
	if e.byToken {
		return s.identify(req, r)
	}
	req.app = s.findApp(req.AppID)
	return req
}

// identify finds the app that the access token speaks for. The token is in the
// query, with a POST too.
func (s *Simulator) identify(req request, r *http.Request) request {
	req.AppID = ""
	req.app, req.token = s.appOfToken(r.URL.Query().Get("access_token"), req.now)
	if req.app != nil {
		req.AppID = req.app.ID
	}
	return req
}

// readQuery takes the first of several values: a code cannot smuggle in a second appid.
func readQuery(r *http.Request) request {
	q := r.URL.Query()
	return request{
		AppID:     q.Get("appid"),
		Secret:    q.Get("secret"),
		GrantType: q.Get("grant_type"),
		Code:      q.Get("js_code"),
		OpenID:    q.Get("openid"),
		signature: q.Get("signature"),
		sigMethod: q.Get("sig_method"),
	}
}

// readBody takes JSON, whatever the Content-Type says, and nothing else.
func readBody(method string, body []byte, err error) request {
	var req request
	switch {
	case method != http.MethodPost:
		return request{refused: postRequired}
	case err == nil && len(body) == 0:
		return request{refused: postEmpty}
	case err != nil || json.Unmarshal(body, &req) != nil:
		return request{refused: dataFormat}
	}
	return req
}
