// Package contract holds every adapter to its port's comment. A suite is a table
// of sentences: each says what the port promises, and the function beside it
// finds out. What a port states is a case here; what is a case here, a port
// states.
//
// The suites keep their data small and its times in the future, so that they may
// be run against slow stores and against stores that remove what has expired.
package contract

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// texts are values that a careless store mangles: they look like operators,
// paths, quotes or keys, or are long, or need more than two bytes a character.
var texts = map[string]string{
	"emoji":       "小程序👩‍👩‍👧🇨🇳 ë e\u0301",
	"long":        "很长的昵称很长的昵称很长的昵称很长的昵称很长的昵称很长的昵称很长的昵称很长的昵称",
	"quotes":      `O'Brien "the" \` + "`x`",
	"operator":    "$set",
	"path":        "a.b.$.c",
	"separators":  "o:b@c#d/e",
	"percent":     "%s_%%'; DROP TABLE users;--",
	"outer blank": " inner  blank ",
	"like a null": "NULL",
	"like digits": "0012e3",
}

// start is when the cases begin: now, to the millisecond, which is as exact as
// every store must be.
func start() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

func wantExactUTC(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if off := got.Sub(want).Abs(); off >= time.Millisecond {
		t.Errorf("%s: got %v, want %v to the millisecond", what, got, want)
	}
	if got.Location() != time.UTC {
		t.Errorf("%s: got location %v, want UTC", what, got.Location())
	}
}

// atOnce runs fn n times in parallel, all let go at the same moment, and returns
// when all are done.
func atOnce(n int, fn func(i int)) {
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			fn(i)
		})
	}
	close(gate)
	wg.Wait()
}

func identity(openID string) domain.WeChatIdentity {
	return domain.WeChatIdentity{AppID: "wx0123456789abcdef", OpenID: domain.OpenID(openID)}
}
