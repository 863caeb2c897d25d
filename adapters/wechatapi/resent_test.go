package wechatapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
)

// dying is a platform that grants tokens on connections that are kept, and lets each
// die by ending on the first request for anything else. It counts those.
func dying(ending func(*net.TCPConn), requests *atomic.Int64) script {
	return func(conn *net.TCPConn, _ int) {
		for in := bufio.NewReader(conn); ; {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			if !strings.HasSuffix(r.URL.Path, "/stable_token") {
				requests.Add(1)
				ending(conn)
				return
			}
			grant := granting(platformToken, 7200)
			write(conn, fmt.Sprint(answer, len(grant), "\r\n\r\n", grant))
		}
	}
}

func TestNoServerAPIIsCalledAgainOnceTheRequestWasSent(t *testing.T) { // F-13
	calls := map[string]func(*wechat) error{
		"phone": func(x *wechat) error {
			_, err := x.phone(t)
			return err
		},
		"check": func(x *wechat) error {
			_, err := x.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
			return err
		},
		"reset": func(x *wechat) error {
			_, _, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
			return err
		},
	}
	for how, ending := range endings {
		for what, call := range calls {
			t.Run(what+" "+how, func(t *testing.T) {
				var requests atomic.Int64
				x := connect(t, dying(ending, &requests).listen(t))
				mustMean(t, call(x), domain.ErrPlatformUnavailable)
				if n := requests.Load(); n != 1 {
					t.Errorf("got %d requests at the server, want 1", n)
				}
			})
		}
	}
}

func TestServerAPICallEndsAtTheDeadlineTokenIncluded(t *testing.T) { // F-11, F-12
	for _, slow := range []string{"stable_token", "getuserphonenumber"} {
		o, release := openOffice(t), make(chan struct{})
		o.says(slow, func(http.ResponseWriter, *http.Request) { <-release })
		x := connect(t, o.URL, deadline(patience))
		begin := time.Now()
		_, err := x.phone(t)
		mustMean(t, err, domain.ErrPlatformUnavailable)
		if took := time.Since(begin); took < patience/2 || took > 8*patience {
			t.Errorf("%s: took %v, want about %v", slow, took, patience)
		}
		close(release)
	}
}

func TestSecondTryHasNoDeadlineOfItsOwn(t *testing.T) {
	o := openOffice(t)
	o.says("getuserphonenumber", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(patience * 3 / 4)
		saying(refusing(40001))(w, r)
	})
	x := connect(t, o.URL, deadline(patience))
	begin := time.Now()
	_, err := x.phone(t)
	mustMean(t, err, domain.ErrPlatformUnavailable)
	if took := time.Since(begin); took > 5*patience/4+patience {
		t.Errorf("took %v, want about %v", took, patience)
	}
}

func TestCallersWhoHangUpAreNoStorm(t *testing.T) {
	o := openOffice(t)
	x := connect(t, o.URL)
	x.token(t, oneApp)
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	for range 40 {
		_, err := x.CheckSessionKey(gone, phonePerson, domain.NewSecret(sessionKey))
		mustMean(t, err, domain.ErrPlatformUnavailable)
	}
	if ok, err := x.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || !ok {
		t.Errorf("one who waits: got %t and %v, want an answer", ok, err)
	}
	if !x.PlatformReachable() {
		t.Error("got unreachable, want the breaker closed: WeChat answers")
	}
}
