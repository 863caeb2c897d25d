package wechatsim

import (
	"net/http"
	"strings"
	"time"
)

// Content types of the platform. That of the login endpoint is wrong on purpose:
// WeChat's is.
const (
	plainText = "text/plain"
	jsonText  = "application/json; encoding=utf-8"
)

// endpoint is one path of the platform.
type endpoint struct {
	path        string
	contentType string
	post        bool // takes a JSON body, else a query
	byToken     bool // takes an access token, else an appid and secret
	answer      func(*Simulator, request) answer
}

// endpoints is everything the simulator imitates.
var endpoints = []endpoint{
	{"/sns/jscode2session", plainText, false, false, (*Simulator).codeToSession},
	{"/cgi-bin/token", jsonText, false, false, (*Simulator).token},
	{"/cgi-bin/stable_token", jsonText, true, false, (*Simulator).stableToken},
	{"/wxa/business/getuserphonenumber", jsonText, true, true, (*Simulator).phoneNumber},
	{"/wxa/checksession", jsonText, false, true, (*Simulator).checkSession},
	{"/wxa/resetusersessionkey", jsonText, false, true, (*Simulator).resetKey},
}

// API returns the imitated platform: what api.weixin.qq.com would serve.
func (s *Simulator) API() http.Handler {
	mux := http.NewServeMux()
	for _, e := range endpoints {
		mux.HandleFunc(e.path, s.serve(e))
	}
	return mux
}

// serve makes a handler of an endpoint: it decides on the answer, remembers the
// call, and only then waits, so that a call which hangs can be seen to hang.
func (s *Simulator) serve(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		req := s.read(r, e)
		fault := s.faults.strike(e.path, req.AppID)
		a := answer{}
		if fault.effective() {
			a = e.answer(s, req)
		}
		s.calls.record(Call{
			Time: req.now, Endpoint: e.path, App: clip(req.AppID), Code: clip(req.Code), Fault: fault.Kind, ErrCode: fault.code(a),
		})
		a = fault.spoil(a, req.now)
		if !s.pause(r.Context(), s.cfg.Latency) {
			cut(w)
			return
		}
		fault.send(s, w, r, reply{status: http.StatusOK, contentType: e.contentType, body: a.json()})
	}
}

// request is what a call says, wherever it says it.
type request struct {
	AppID        string `json:"appid"`
	Secret       string `json:"secret"`
	GrantType    string `json:"grant_type"`
	Code         string `json:"code"`
	OpenID       string `json:"openid"`
	ForceRefresh bool   `json:"force_refresh"`

	signature string
	sigMethod string

	app     *app    // nil if there is none of that id, or the token speaks for none
	token   errcode // what is wrong with the access token
	refused errcode // why the request could not be read
	now     time.Time
}

// clip keeps a hostile client from filling the memory of calls. It copies,
// because what was parsed shares memory with the whole URL.
func clip(text string) string {
	return strings.Clone(text[:min(len(text), 64)])
}
