package e2e

import (
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"wxlogin/test/testkit"
)

// malformed sends secrets where none is expected.
func (w watched) malformed() {
	code := w.secretCode("eve")
	key, _ := w.wechat.SessionKey("", "eve") // eve is known by now
	asJSON := http.Header{"Content-Type": {"application/json"}}
	for what, r := range map[string]struct {
		method, path, body string
		header             http.Header
	}{
		"an unknown member":   {"POST", "/v1/login", `{"code":"` + code + `","sessionKey":"` + key + `"}`, asJSON},
		"a wrong type":        {"POST", "/v1/login", `{"code":["` + code + `"]}`, asJSON},
		"a doubled member":    {"POST", "/v1/login", `{"code":"` + code + `","code":"` + code + `"}`, asJSON},
		"half a body":         {"POST", "/v1/login", `{"code":"` + code, asJSON},
		"too long a code":     {"POST", "/v1/login", `{"code":"` + strings.Repeat(code, 11) + `"}`, asJSON},
		"too long a body":     {"POST", "/v1/login", `{"code":"` + strings.Repeat(code, 4000) + `"}`, asJSON},
		"an unknown app":      {"POST", "/v1/login", `{"code":"` + code + `","appId":"wxnone"}`, asJSON},
		"a form":              {"POST", "/v1/login", "code=" + code, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}},
		"a query":             {"GET", "/v1/login?code=" + code, "", nil},
		"a path":              {"GET", "/v1/login/" + code, "", nil},
		"a problem":           {"GET", "/problems/" + code, "", nil},
		"a method":            {"X" + code, "/v1/login", "", nil},
		"a request id":        {"GET", "/livez", "", http.Header{"X-Request-Id": {code + " " + key}}},
		"basic credentials":   {"GET", "/v1/me", "", http.Header{"Authorization": {"Basic " + key}}},
		"two tokens":          {"GET", "/v1/me", "", http.Header{"Authorization": {"Bearer " + code, "Bearer " + key}}},
		"a scaffold's code":   {"GET", "/user/login?code=" + strings.Repeat(code, 11), "", nil},
		"a scaffold's data":   {"GET", "/user/login?code=" + code + "&encryptedData=%zz" + key, "", nil},
		"a scaffold's header": {"GET", "/home/test", "", http.Header{"Authorization": {code}}},
		"wafer's code":        {"GET", "/weapp/login", "", http.Header{"X-Wx-Code": {strings.Repeat(code, 11)}}},
		"two of wafer's":      {"GET", "/weapp/login", "", http.Header{"X-Wx-Code": {code, code}, "X-Wx-Iv": {key}}},
		"wafer's data":        {"GET", "/weapp/login?code=" + code, "", http.Header{"X-Wx-Encrypted-Data": {key}, "X-Wx-Iv": {code}}},
		"wafer's skey":        {"GET", "/weapp/user?skey=" + key, "", http.Header{"X-Wx-Skey": {code + key}}},
		"wafer's header":      {"GET", "/weapp/user", "", http.Header{"X-Wx-Session-Magic-Id": {code}, "X-Wx-Skey": {key, code}}},
	} {
		req, err := http.NewRequestWithContext(w.t.Context(), r.method, w.Base+r.path, strings.NewReader(r.body))
		if err != nil {
			w.t.Fatal(err)
		}
		req.Header = r.header
		res, err := w.HTTP.Do(req)
		if err != nil {
			w.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		w.hear(what, testkit.Answer{Status: res.StatusCode, Header: res.Header, Body: body, Err: err})
	}
	w.noHTTP("GET /" + code + " HTTP/1.1\r\nHost: x\r\n" + key + "\r\n\r\n")
	w.noHTTP("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + code)
}

// noHTTP sends what is no request.
func (w watched) noHTTP(text string) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.Base, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(conn, text)
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	answer, _ := io.ReadAll(conn) // it may be cut off
	w.answers = append(w.answers, said{"no request", string(answer)})
}
