package backends

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wxlogin/test/testkit"
)

// shipped is the configuration that is whole; the README's is the least that is
// safe.
const shipped = "deploy/nginx/wxlogin.conf"

// onEveryConfiguration runs a test of nginx once for each configuration that we
// show.
func onEveryConfiguration(t *testing.T, test func(t *testing.T, conf string)) {
	t.Helper()
	for name, conf := range map[string]string{shipped: read(t, shipped), "README": testkit.Snippet(t, "nginx", "nginx")} {
		t.Run(name, func(t *testing.T) { test(t, conf) })
	}
}

// startNginx runs nginx with conf, which is changed in its three addresses only,
// and returns a client of it.
func startNginx(t testing.TB, conf, wxlogin, backend string) *testkit.Client {
	t.Helper()
	program := tool(t, "nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")
	dir, front := t.TempDir(), freeAddress(t)
	for example, address := range map[string]string{"127.0.0.1:8080": wxlogin, "127.0.0.1:3000": backend, "127.0.0.1:8000": front} {
		if n := strings.Count(conf, example); n != 1 {
			t.Fatalf("the configuration names %s %d times, want once", example, n)
		}
		conf = strings.Replace(conf, example, strings.TrimPrefix(address, "http://"), 1)
	}
	write(t, dir, "wxlogin.conf", conf)
	write(t, dir, "nginx.conf", outer(t, dir))
	cmd := exec.Command(program, "-p", dir+"/", "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr")
	listens(t, cmd, front)
	return testkit.NewClient(t, "http://"+front)
}

// outer is the nginx.conf around ours: everything that it writes is under dir.
func outer(t testing.TB, dir string) string {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	as := ""
	if os.Getuid() == 0 { // else nginx cannot become somebody else, and says so
		as = "user " + me.Username + ";\n"
	}
	paths := ""
	for _, of := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		paths += fmt.Sprintf("  %s_temp_path %s/%s;\n", of, dir, of)
	}
	return as + "daemon off;\nworker_processes 1;\npid " + dir + "/nginx.pid;\nerror_log stderr;\nevents {}\n" +
		"http {\n  access_log off;\n" + paths + "  include wxlogin.conf;\n}\n"
}

// backend is what nginx protects. It remembers the last request.
type backend struct {
	*httptest.Server
	sync.Mutex
	seen *http.Request
	body []byte
}

func newBackend(t testing.TB) *backend {
	t.Helper()
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
		b.Lock()
		defer b.Unlock()
		b.seen, b.body = r, body
		_, _ = io.WriteString(w, "served")
	}))
	t.Cleanup(b.Close)
	return b
}

// take returns the last request and its body, and forgets them. It is nil where
// there was none.
func (b *backend) take() (*http.Request, []byte) {
	b.Lock()
	defer b.Unlock()
	r, body := b.seen, b.body
	b.seen, b.body = nil, nil
	return r, body
}

// serves fails the test unless the answer is the backend's.
func (b *backend) serves(t testing.TB, what string, a testkit.Answer) (*http.Request, []byte) {
	t.Helper()
	r, body := b.take()
	if a.Status != http.StatusOK || string(a.Body) != "served" || r == nil {
		t.Fatalf("%s: got %d %s %v, want the backend's answer", what, a.Status, a.Body, a.Err)
	}
	return r, body
}

// refuses fails the test unless the answer has the status and the backend has
// seen nothing.
func (b *backend) refuses(t testing.TB, what string, a testkit.Answer, status int) {
	t.Helper()
	if r, _ := b.take(); r != nil || a.Status != status {
		t.Errorf("%s: got %d %s %v (the backend saw it: %v), want %d", what, a.Status, a.Body, a.Err, r != nil, status)
	}
}
