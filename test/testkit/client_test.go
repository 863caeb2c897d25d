package testkit_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"wxlogin/test/testkit"
)

func TestClientSendsWhatItIsTold(t *testing.T) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(w, "%s %s %s %q %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), r.Header.Get("Authorization"),
			r.Header.Get("Idempotency-Key"), body)
	}))
	defer echo.Close()
	client := testkit.NewClient(t, echo.URL)
	tests := []struct {
		name string
		send func() testkit.Answer
		want string
	}{
		{"post", func() testkit.Answer {
			return client.Post("/a", map[string]int{"n": 1}, testkit.With("Idempotency-Key", "k"))
		},
			`POST /a application/json "" k {"n":1}`},
		{"post without a body", func() testkit.Answer { return client.Post("/a", nil, testkit.Bearer("t")) }, `POST /a  "Bearer t"  `},
		{"another kind of body", func() testkit.Answer { return client.Post("/a", 1, testkit.With("Content-Type", "text/plain")) }, `POST /a text/plain ""  1`},
		{"form", func() testkit.Answer {
			return client.PostForm("/f", map[string][]string{"token": {"a b"}}, testkit.Basic("shop", "s:1"))
		}, `POST /f application/x-www-form-urlencoded "Basic c2hvcDpzJTNBMQ=="  token=a+b`},
		{"get", func() testkit.Answer { return client.Get("/g?q=1", "t") }, `GET /g?q=1  "Bearer t"  `},
		{"get by nobody", func() testkit.Answer { return client.Get("/g", "") }, `GET /g  ""  `},
		{"delete", func() testkit.Answer { return client.Delete("/d", "t") }, `DELETE /d  "Bearer t"  `},
		{"anything", func() testkit.Answer { return client.Send("PATCH", "/p", "raw") }, `PATCH /p  ""  raw`},
	}
	for _, tt := range tests {
		if got := tt.send(); got.Err != nil || string(got.Body) != tt.want {
			t.Errorf("%s: got %q and %v, want %q", tt.name, got.Body, got.Err, tt.want)
		}
	}
}
