package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"wxlogin/test/testkit"
)

// echoes are servers that repeat in their answer what they were asked, AppSecret
// and code included, each somewhere else.
var echoes = map[string]func(w http.ResponseWriter, asked string){
	"body of an error": func(w http.ResponseWriter, asked string) { http.Error(w, asked, http.StatusBadGateway) },
	"errmsg":           func(w http.ResponseWriter, asked string) { _, _ = fmt.Fprintf(w, `{"errcode":41,"errmsg":%q}`, asked) },
	"errcode":          func(w http.ResponseWriter, asked string) { _, _ = fmt.Fprintf(w, `{"errcode":%q}`, asked) },
	"no JSON":          func(w http.ResponseWriter, asked string) { _, _ = io.WriteString(w, asked) },
	"type": func(w http.ResponseWriter, asked string) {
		_, _ = fmt.Fprintf(w, `{"openid":{%q:1},"session_key":[%q]}`, asked, asked)
	},
	"redirect": func(w http.ResponseWriter, asked string) {
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere?"+asked)
		w.WriteHeader(http.StatusFound)
	},
	"encoding": func(w http.ResponseWriter, asked string) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, asked)
	},
	"status line": func(w http.ResponseWriter, asked string) { answerRaw(w, asked+"\r\n\r\n") },
	"header":      func(w http.ResponseWriter, asked string) { answerRaw(w, "HTTP/1.1 200 OK\r\n"+asked+"\r\n\r\n") },
	"length": func(w http.ResponseWriter, asked string) {
		answerRaw(w, "HTTP/1.1 200 OK\r\nContent-Length: "+asked+"\r\n\r\n")
	},
	"chunk": func(w http.ResponseWriter, asked string) {
		answerRaw(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+asked+"\r\n\r\n")
	},
}

// answerRaw writes an answer that net/http would not.
func answerRaw(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, text)
	_ = conn.Close()
}

func TestT12_UpstreamThatEchoesIsNotQuoted(t *testing.T) { // I-10
	for name, echo := range echoes {
		t.Run(name, func(t *testing.T) {
			wechat := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { echo(w, r.URL.RawQuery) }))
			defer wechat.Close()
			s := serve(t, bare(wechat.URL, t.TempDir()).with(hasty).with(settings{"LOG_LEVEL": "debug"}))
			spies := newSpies(t)
			spies.logs = append(spies.logs, s.process)
			const code = "0d3Xk1Ga1uSKeH0iqTHa1LuHoe4Xk1Gr"
			spies.guard("the code", code)
			got := spies.hear("login", s.Post("/v1/login", map[string]any{"code": code}))
			wantStatus(t, name, got, 503, "platform_unavailable")
			spies.hear("scaffold", s.Get("/user/login?code="+code, ""))
			spies.hear("wafer", s.Get("/weapp/login", "", testkit.With("X-WX-Code", code)))
			s.stops(t)
			spies.wantSilence(t.TempDir())
		})
	}
}
