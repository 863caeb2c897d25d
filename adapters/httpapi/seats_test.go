package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// knowsEverybody takes a token for the id of its user.
func knowsEverybody(_ context.Context, token domain.Secret) (domain.Caller, error) {
	return domain.Caller{UserID: domain.UserID(token.Reveal())}, nil
}

// anyPicture takes every picture.
type anyPicture struct{ ports.AvatarUseCase }

func (anyPicture) SetAvatar(context.Context, domain.Caller, []byte) (ports.Account, error) {
	return aliceAccount(), nil
}

func uploadOf(user string, body io.Reader) *http.Request {
	return uploads("PUT", "image/png", body, "Authorization", "Bearer "+user)
}

// uploading are uploads whose bodies are still to come.
type uploading struct {
	server *httpapi.Server
	bodies []*io.PipeWriter
	done   sync.WaitGroup
}

// begin sends the head of an upload, which want is the answer to in the end.
func (u *uploading) begin(t *testing.T, user string, want int) {
	t.Helper()
	body, rest := io.Pipe()
	u.bodies = append(u.bodies, rest)
	u.done.Go(func() {
		if a := ask(t, u.server, uploadOf(user, body)); a.status != want {
			t.Errorf("%s: got %d %s, want %d", user, a.status, a.body, want)
		}
	})
	synctest.Wait()
}

// end sends the bodies of the first n.
func (u *uploading) end(n int) {
	for _, body := range u.bodies[:n] {
		_ = body.Close()
	}
	u.bodies = u.bodies[n:]
	synctest.Wait()
}

// wantNobody checks that nothing is left of those who uploaded.
func wantNobody(t *testing.T, s *httpapi.Server) {
	t.Helper()
	if taken, users := s.Uploading(); taken != 0 || users != 0 {
		t.Errorf("got %d seats taken and %d users counted, want none", taken, users)
	}
}

func TestAUserUploadsFewPicturesAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := uploading{server: build(world{caller: knowsEverybody, avatar: anyPicture{}})}
		for range httpapi.UploadsOfUser {
			u.begin(t, "greedy", http.StatusOK)
		}
		began := time.Now()
		a := ask(t, u.server, uploadOf("greedy", strings.NewReader("x")))
		if a.status != http.StatusTooManyRequests || a.problem(t).Code != "rate_limited" || a.header.Get("Retry-After") == "" {
			t.Errorf("one more: got %d %s, want rate_limited", a.status, a.body)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the refusal came after %v, want it at once", waited)
		}
		if a := ask(t, u.server, uploadOf("other", strings.NewReader("x"))); a.status != http.StatusOK {
			t.Errorf("another user: got %d, want 200", a.status)
		}
		u.end(1)
		if a := ask(t, u.server, uploadOf("greedy", strings.NewReader("x"))); a.status != http.StatusOK {
			t.Errorf("after one has ended: got %d, want 200", a.status)
		}
		u.end(httpapi.UploadsOfUser - 1)
		u.done.Wait()
		wantNobody(t, u.server)
	})
}

// A user who waits for a seat counts as well, so that nobody fills the queue.
func TestAnUploadWaitsAWhileForASeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := uploading{server: build(world{caller: knowsEverybody, avatar: anyPicture{}})}
		for i := range httpapi.UploadsAtOnce {
			u.begin(t, fmt.Sprint("user-", i/httpapi.UploadsOfUser), http.StatusOK)
		}
		late := uploading{server: u.server}
		began := time.Now()
		for range httpapi.UploadsOfUser {
			late.begin(t, "late", http.StatusServiceUnavailable)
		}
		if a := ask(t, u.server, uploadOf("late", strings.NewReader("x"))); a.status != http.StatusTooManyRequests {
			t.Errorf("one more who waits: got %d, want 429", a.status)
		}
		late.done.Wait()
		if waited := time.Since(began); waited != httpapi.AwaitUpload {
			t.Errorf("waited %v for a seat, want %v", waited, httpapi.AwaitUpload)
		}
		late.begin(t, "late", http.StatusOK)
		u.end(1)
		late.end(len(late.bodies))
		late.done.Wait()
		u.end(len(u.bodies))
		u.done.Wait()
		wantNobody(t, u.server)
	})
}

func TestSeatsAreLeftHoweverAnUploadEnds(t *testing.T) {
	s := build(world{caller: knowsEverybody, owner: &owner{err: domain.ErrAvatarInvalid}})
	for _, r := range []*http.Request{
		uploadOf("a", strings.NewReader("no picture")),
		uploadOf("b", io.MultiReader(strings.NewReader("cut"), brokenReader{})),
		uploadOf("c", strings.NewReader(strings.Repeat("x", httpapi.MaxPicture+1))),
		uploads("PUT", "text/plain", strings.NewReader("x"), "Authorization", "Bearer d"),
		uploadOf("e", nil).WithContext(canceled(t)),
	} {
		if a := serve(s, r); a.status == http.StatusOK {
			t.Errorf("got %d, want a refusal", a.status)
		}
		wantNobody(t, s)
	}
}

func canceled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestManyWhoUploadLeaveNothingBehind(t *testing.T) {
	s := build(world{caller: knowsEverybody, avatar: anyPicture{}})
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			a := serve(s, uploadOf(fmt.Sprint("user-", i%40), strings.NewReader("x")))
			if a.status != http.StatusOK && a.status != http.StatusTooManyRequests {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	wantNobody(t, s)
}
