package wechatapi_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/domain"
)

// kinds are all faults of the simulator: it names them to who gets one wrong.
func kinds(t *testing.T, w *weather) []string {
	t.Helper()
	_, list, _ := strings.Cut(w.SetFault(wechatsim.Fault{}).Error(), "there is ")
	all := strings.Split(list, ", ")
	if len(all) < 15 || !slices.Contains(all, "consume") {
		t.Fatalf("got %q, want all kinds", all)
	}
	return all
}

// results are the words in which calls are counted.
var results = []string{
	"ok", "busy", "token_refused", "key_outdated", "rate_limited", "app_misconfigured", "code_invalid", "code_used", "login_blocked",
	"phone_code_invalid", "platform_unavailable",
}

// askAll makes a call of each kind, and returns what went wrong with each.
func (w *weather) askAll(t *testing.T) (code string, errs []error) {
	t.Helper()
	who, key, code := w.bob()
	_, phoneErr := w.ExchangePhoneCode(t.Context(), who, domain.NewSecret(code))
	_, checkErr := w.CheckSessionKey(t.Context(), who, key)
	_, _, resetErr := w.ResetSessionKey(t.Context(), who, key)
	for _, err := range []error{phoneErr, checkErr, resetErr} {
		mustHide(t, err)
		for _, canary := range []string{code, key.Reveal(), "SIM_", string(who.OpenID)} {
			if strings.Contains(fmt.Sprint(err), canary) {
				t.Errorf("got %v, want no %s in it", err, canary)
			}
		}
	}
	return code, []error{phoneErr, checkErr, resetErr}
}

func TestNoFaultOfServerAPIsTellsASecretOrSendsACodeTwice(t *testing.T) { // F-11 to F-15, R-WX-3
	for _, kind := range kinds(t, simulate(t)) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := simulate(t, deadline(patience))
			for _, endpoint := range []string{"stable_token", "getuserphonenumber", "checksession", "resetusersessionkey"} {
				w.clock.pass(3 * time.Hour) // so that a token is asked for
				if err := w.SetFault(wechatsim.Fault{Kind: kind, Endpoint: endpoint, ErrCode: 12345, Duration: time.Minute, Size: 1 << 20}); err != nil {
					t.Fatal(err)
				}
				code, errs := w.askAll(t)
				for _, err := range errs {
					if err != nil && !errors.Is(err, domain.ErrPlatformUnavailable) {
						t.Errorf("%s: got %v, want %v", endpoint, err, domain.ErrPlatformUnavailable)
					}
				}
				if n := w.CallsOf(code); n > 1 {
					t.Errorf("%s: the code was sent %d times, want once", endpoint, n)
				}
				if !w.PlatformReachable() {
					t.Errorf("%s: got unreachable, want so few calls to be no storm", endpoint)
				}
				w.ClearFaults()
			}
			for key := range w.meter.counts {
				if result := strings.Fields(key)[2]; !slices.Contains(results, result) {
					t.Errorf("got result %q, want one of %q", result, results)
				}
			}
		})
	}
}

func TestEveryReturnCodeIsCountedByAWord(t *testing.T) {
	w := simulate(t)
	for code, want := range map[int]string{
		-1: "busy", 40001: "token_refused", 40014: "token_refused", 42001: "token_refused", 40029: "phone_code_invalid", 40163: "phone_code_invalid",
		40013: "app_misconfigured", 45009: "rate_limited", 45011: "rate_limited", 12345: "platform_unavailable",
	} {
		if err := w.SetFault(wechatsim.Fault{Kind: "errcode", ErrCode: code, Endpoint: "getuserphonenumber"}); err != nil {
			t.Fatal(err)
		}
		before := w.meter.of("getuserphonenumber")[want]
		w.askAll(t)
		if w.meter.of("getuserphonenumber")[want] == before {
			t.Errorf("%d: got %v, want one more %q", code, w.meter.of("getuserphonenumber"), want)
		}
		w.ClearFaults()
	}
}

func TestCallsAreCountedAsManyAsWereSent(t *testing.T) {
	w := simulate(t, deadline(patience))
	for _, fault := range []wechatsim.Fault{
		{Kind: "hang", Times: 3}, {Kind: "reset", Times: 2}, {Kind: "errcode", ErrCode: -1, Times: 3}, {Kind: "errcode", ErrCode: 40001, Times: 3},
	} {
		if err := w.SetFault(fault); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		w.askAll(t)
		code, err := w.Code("", "bob")
		if err != nil {
			t.Fatal(err)
		}
		_, err = exchange(t, w.wechat, oneApp, code)
		mustHide(t, err)
	}
	for _, endpoint := range []string{"jscode2session", "stable_token", "getuserphonenumber", "checksession", "resetusersessionkey"} {
		counted := 0
		for _, n := range w.meter.of(endpoint) {
			counted += n
		}
		if sent := w.sent(endpoint); counted != sent || sent == 0 {
			t.Errorf("%s: got %d counted, want %d", endpoint, counted, sent)
		}
	}
}

func TestCallThatWasNotSentIsNotCounted(t *testing.T) {
	x := connect(t, "http://127.0.0.1:1") // where nobody listens
	_, err := exchange(t, x, oneApp, loginCode)
	mustMean(t, err, domain.ErrPlatformUnavailable)
	_, err = x.PlatformToken(t.Context(), oneApp)
	mustMean(t, err, domain.ErrPlatformUnavailable)
	if len(x.meter.counts) != 0 {
		t.Errorf("got %v counted, want nothing", x.meter.counts)
	}
}
