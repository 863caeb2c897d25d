package wechatapi_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"wxlogin/domain"
)

const herd = 1000

// stampede has a herd call at a time, and returns the tokens that they got, with how many
// got each.
func stampede(t *testing.T, call func() (domain.PlatformToken, error)) map[string]int {
	t.Helper()
	var mu sync.Mutex
	var callers sync.WaitGroup
	tokens, begin := map[string]int{}, make(chan struct{})
	for range herd {
		callers.Go(func() {
			<-begin
			got, err := call()
			if err != nil {
				mustHide(t, err)
			}
			mu.Lock()
			defer mu.Unlock()
			tokens[got.Token.Reveal()]++
		})
	}
	close(begin)
	callers.Wait()
	return tokens
}

// mustAllHave checks that the whole herd has the token, and what it cost by now.
func mustAllHave(t *testing.T, o *office, tokens map[string]int, want string, calls int) {
	t.Helper()
	if len(tokens) != 1 || tokens[want] != herd {
		t.Errorf("got %v, want %s for all", tokens, want)
	}
	if n := len(o.of("stable_token")); n != calls {
		t.Errorf("got %d calls of stable_token, want %d", n, calls)
	}
}

func TestHerdThatNeedsATokenCostsOneCall(t *testing.T) { // T-19, R-OPS-5
	o := openOffice(t)
	x := connect(t, o.URL)
	get := func() (domain.PlatformToken, error) { return x.PlatformToken(t.Context(), oneApp) }
	mustAllHave(t, o, stampede(t, get), platformToken+"-1", 1)
	mustAllHave(t, o, stampede(t, get), platformToken+"-1", 1)
	x.clock.pass(115 * time.Minute)
	mustAllHave(t, o, stampede(t, get), platformToken+"-2", 2)
}

func TestHerdWhoseTokenWasRefusedCostsOneCall(t *testing.T) { // T-19
	o := openOffice(t)
	x := connect(t, o.URL)
	first := x.token(t, oneApp).Token
	replace := func() (domain.PlatformToken, error) { return x.ReplacePlatformToken(t.Context(), oneApp, first) }
	mustAllHave(t, o, stampede(t, replace), platformToken+"-2", 2)
	mustAllHave(t, o, stampede(t, replace), platformToken+"-2", 2) // they come late: there is another one
}

func TestTokenThatIsNotKeptReplacesNothing(t *testing.T) {
	o := openOffice(t)
	x := connect(t, o.URL)
	for _, refused := range []string{"", "of another replica", platformToken + "-0"} {
		got, err := x.ReplacePlatformToken(t.Context(), oneApp, domain.NewSecret(refused))
		if err != nil || got.Token.Reveal() != platformToken+"-1" {
			t.Errorf("%q: got %q and %v, want the first", refused, got.Token.Reveal(), err)
		}
	}
	x.token(t, otherApp)
	if _, err := x.ReplacePlatformToken(t.Context(), otherApp, x.token(t, oneApp).Token); err != nil || len(o.of("stable_token")) != 2 {
		t.Errorf("another app's: got %v and %d calls, want one an app", err, len(o.of("stable_token")))
	}
}

func TestTokenThatWeChatGivesAgainIsNotAskedForAgainForAWhile(t *testing.T) {
	o := openOffice(t)
	o.says("stable_token", saying(granting(platformToken, 7200)))
	x := connect(t, o.URL)
	same := x.token(t, oneApp).Token
	replace := func() (domain.PlatformToken, error) { return x.ReplacePlatformToken(t.Context(), oneApp, same) }
	mustAllHave(t, o, stampede(t, replace), platformToken, 2)
	x.clock.pass(time.Minute - 1)
	mustAllHave(t, o, stampede(t, replace), platformToken, 2)
	x.clock.pass(1)
	mustAllHave(t, o, stampede(t, replace), platformToken, 3)
	x.clock.pass(time.Minute)
	o.says("stable_token", saying(granting(platformToken+"-new", 7200)))
	mustAllHave(t, o, stampede(t, replace), platformToken+"-new", 4)
}

func TestCallerWhoGivesUpTakesTheTokenFromNobody(t *testing.T) {
	o, release := openOffice(t), make(chan struct{})
	o.says("stable_token", func(w http.ResponseWriter, r *http.Request) {
		<-release
		saying(granting(platformToken, 7200))(w, r)
	})
	x := connect(t, o.URL)
	ctx, cancel := context.WithCancel(t.Context())
	gone, rest := make(chan error), make(chan error)
	go func() {
		_, err := x.PlatformToken(ctx, oneApp)
		gone <- err
	}()
	until(t, "the call", func() bool { return o.calls() == 1 })
	for range 3 {
		go func() {
			_, err := x.PlatformToken(t.Context(), oneApp)
			rest <- err
		}()
	}
	cancel() // of the one who began it
	err := <-gone
	mustMean(t, err, domain.ErrPlatformUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v in it", err, context.Canceled)
	}
	close(release)
	for range 3 {
		if err := <-rest; err != nil {
			t.Errorf("got %v, want the token", err)
		}
	}
	if o.calls() != 1 {
		t.Errorf("got %d calls, want 1", o.calls())
	}
}

func TestWaitForATokenEndsAtTheDeadline(t *testing.T) {
	o, release := openOffice(t), make(chan struct{})
	o.says("stable_token", func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	x := connect(t, o.URL, deadline(patience))
	begin := time.Now()
	_, err := x.PlatformToken(context.Background(), oneApp)
	mustMean(t, err, domain.ErrPlatformUnavailable)
	if took := time.Since(begin); took < patience || took > 8*patience {
		t.Errorf("took %v, want about %v", took, patience)
	}
}
