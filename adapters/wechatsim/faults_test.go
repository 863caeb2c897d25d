package wechatsim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

// rawLogin is a login whose answer may be anything.
func (w *world) rawLogin(code string) reply {
	w.t.Helper()
	got, err := w.send(http.MethodGet, w.server.APIURL+loginPath+"?"+login(shop, shopSecret, code).Encode(), "")
	if err != nil {
		w.t.Fatalf("login: %v", err)
	}
	return got
}

// answered is a fault that still gives an answer, and how to know it.
type answered struct {
	fault wechatsim.Fault
	used  bool // the code is, afterwards
	check func(t *testing.T, w *world, got reply)
}

var answeredFaults = []answered{
	{wechatsim.Fault{Kind: "errcode", ErrCode: -1}, false, errcodeIs(-1.0)},
	{wechatsim.Fault{Kind: "errcode", ErrCode: 45011, Late: true}, true, errcodeIs(45011.0)},
	{wechatsim.Fault{Kind: "errcode", ErrCode: 987654321}, false, errcodeIs(987654321.0)},
	{wechatsim.Fault{Kind: "errcode", ErrCode: 40029, Quoted: true}, false, errcodeIs("40029")},
	{wechatsim.Fault{Kind: "errcode_zero"}, true, func(t *testing.T, w *world, got reply) {
		if object := w.object(got.body); object["errcode"] != 0.0 || object["openid"] == nil {
			t.Errorf("got %v", object)
		}
	}},
	{wechatsim.Fault{Kind: "status"}, false, statusIs(502)},
	{wechatsim.Fault{Kind: "status", Status: 500}, false, statusIs(500)},
	{wechatsim.Fault{Kind: "status", Status: 504, Late: true}, true, statusIs(504)},
	{wechatsim.Fault{Kind: "html"}, false, func(t *testing.T, _ *world, got reply) {
		if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || !strings.HasPrefix(got.body, "<!doctype html>") {
			t.Errorf("got %+v", got)
		}
	}},
	{wechatsim.Fault{Kind: "empty"}, false, func(t *testing.T, _ *world, got reply) {
		if got.status != 200 || got.body != "" {
			t.Errorf("got %+v", got)
		}
	}},
	{wechatsim.Fault{Kind: "truncated"}, true, func(t *testing.T, _ *world, got reply) {
		if !strings.HasPrefix(got.body, `{"openid":"`) || strings.Contains(got.body, "}") {
			t.Errorf("got %q", got.body)
		}
	}},
	{wechatsim.Fault{Kind: "array"}, true, func(t *testing.T, _ *world, got reply) {
		if !strings.HasPrefix(got.body, `[{"openid":"`) || !strings.HasSuffix(got.body, "}]") {
			t.Errorf("got %q", got.body)
		}
	}},
	{wechatsim.Fault{Kind: "wrong_type"}, true, func(t *testing.T, w *world, got reply) {
		if openID, ok := w.object(got.body)["openid"].([]any); !ok || len(openID) != 1 {
			t.Errorf("got %q", got.body)
		}
	}},
	{wechatsim.Fault{Kind: "no_openid"}, true, lacks("openid", "session_key")},
	{wechatsim.Fault{Kind: "no_session_key"}, true, lacks("session_key", "openid")},
	{wechatsim.Fault{Kind: "huge"}, true, paddedBy(10 << 20)},
	{wechatsim.Fault{Kind: "huge", Size: 70_000}, true, paddedBy(70_000)},
	{wechatsim.Fault{Kind: "gzip_bomb", Size: 1 << 20}, true, paddedBy(1 << 20)},
}

func errcodeIs(want any) func(*testing.T, *world, reply) {
	return func(t *testing.T, w *world, got reply) {
		if object := w.object(got.body); object["errcode"] != want || !ridForm.MatchString(object["errmsg"].(string)) {
			t.Errorf("got %v, want errcode %v", object, want)
		}
	}
}

func statusIs(want int) func(*testing.T, *world, reply) {
	return func(t *testing.T, _ *world, got reply) {
		if got.status != want || !strings.HasPrefix(got.body, fmt.Sprint(want)) {
			t.Errorf("got %+v, want status %d", got, want)
		}
	}
}

func lacks(gone, kept string) func(*testing.T, *world, reply) {
	return func(t *testing.T, w *world, got reply) {
		object := w.object(got.body)
		if _, there := object[gone]; there || object[kept] == nil {
			t.Errorf("got %v, want no %s", object, gone)
		}
	}
}

func paddedBy(size int) func(*testing.T, *world, reply) {
	return func(t *testing.T, w *world, got reply) {
		object := w.object(got.body)
		if padding, _ := object["padding"].(string); len(padding) != size || object["openid"] == nil {
			t.Errorf("%d bytes of padding, want %d", len(padding), size)
		}
	}
}

func TestFaultsWithAnAnswer(t *testing.T) {
	for _, tt := range answeredFaults {
		t.Run(fmt.Sprintf("%s %d %d late %t", tt.fault.Kind, tt.fault.ErrCode, tt.fault.Status, tt.fault.Late), func(t *testing.T) {
			w := start(t)
			code := w.code("", "")
			tt.fault.Times = 1
			w.fault(tt.fault)
			tt.check(t, w, w.rawLogin(code))
			w.wantUsed(code, tt.used)
			if got := w.Calls()[0]; got.Fault != tt.fault.Kind || got.ErrCode != tt.fault.ErrCode {
				t.Errorf("listed as %+v", got)
			}
		})
	}
}

func TestEveryKindOfFaultIsTested(t *testing.T) {
	tested := []string{"hang", "reset", "consume", "delay", "slow"} // below
	for _, tt := range answeredFaults {
		tested = append(tested, tt.fault.Kind)
	}
	for _, kind := range wechatsim.Kinds() {
		if !slices.Contains(tested, kind) {
			t.Errorf("no test for %s", kind)
		}
	}
}
