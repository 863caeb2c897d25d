package wechatevents_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
)

// note is what an event says; what is empty is left out.
type note struct{ kind, event, openID, openPID, appID, revoke, time string }

func (n note) fields() (fields [][2]string) {
	for _, f := range [][2]string{
		{"ToUserName", "gh_1"},
		{"FromUserName", "o-somebody-else"},
		{"MsgType", n.kind},
		{"Event", n.event},
		{"CreateTime", n.time},
		{"OpenID", n.openID},
		{"OpenPID", n.openPID},
		{"AppID", n.appID},
		{"RevokeInfo", n.revoke},
	} {
		if f[1] != "" {
			fields = append(fields, f)
		}
	}
	return fields
}

func (n note) xml() string {
	var text strings.Builder
	for _, f := range n.fields() {
		_, _ = fmt.Fprintf(&text, "<%s><![CDATA[%s]]></%s>\n", f[0], f[1], f[0])
	}
	return "<xml>\n" + text.String() + "</xml>"
}

// json writes names and values with blanks around them where asked to, as some
// of WeChat's samples have them.
func (n note) json(blank string) string {
	var text strings.Builder
	for _, f := range n.fields() {
		_, _ = fmt.Fprintf(&text, ",%q:%q", blank+f[0], f[1]+blank)
	}
	return "{" + text.String()[1:] + "}"
}

// revoked is a withdrawal that is in order.
var revoked = note{"event", "user_authorization_revoke", openID, "", app, "8", now}

// with returns n after a change.
func (n note) with(change func(*note)) note {
	change(&n)
	return n
}

func TestEveryEventIsUnderstoodInEveryForm(t *testing.T) {
	const name, picture, phone = domain.NicknameAttribute, domain.AvatarAttribute, domain.PhoneAttribute
	for _, tt := range []struct {
		event, revoke string
		withdrawn     domain.Attributes
		cancelled     bool
	}{
		{"user_info_modified", "", name | picture, false},
		{"user_authorization_cancellation", "", 0, true},
		{"user_authorization_cancellation", "8", 0, true},
		{"user_authorization_revoke", "6", name | picture, false},
		{"user_authorization_revoke", "8", phone, false},
		{"user_authorization_revoke", "19", name, false},
		{"user_authorization_revoke", "20", picture, false},
		{"user_authorization_revoke", "8,19", phone | name, false},
		{"user_authorization_revoke", " 1, 20 8", phone | picture, false},
	} {
		n := revoked.with(func(n *note) { n.event, n.revoke = tt.event, tt.revoke })
		want := domain.PlatformEvent{AppID: app, OpenID: openID, Withdrawn: tt.withdrawn, Cancelled: tt.cancelled, At: time.Unix(1714037059, 0).UTC()}
		wantEvent(t, n, want)
	}
}

// wantEvent delivers n in every mode and form.
func wantEvent(t *testing.T, n note, want domain.PlatformEvent) {
	t.Helper()
	numbers := strings.NewReplacer(`"`+now+`"`, now, `"`+n.revoke+`"`, n.revoke).Replace(n.json(""))
	if n.revoke == "" || strings.ContainsAny(n.revoke, ", ") {
		numbers = n.json("")
	}
	for form, text := range map[string]string{"XML": n.xml(), "JSON": n.json(""), "JSON with blanks": n.json(" "), "JSON with numbers": numbers} {
		for mode, w := range map[string]*world{"plain": {}, "safe": {key: key}} {
			r := plain(text)
			if mode == "safe" {
				r = sealed(text)
			}
			wantAnswer(t, w.serve(r), http.StatusOK, "success")
			want.Sealed = mode == "safe"
			if len(w.events) != 1 || w.events[0] != want {
				t.Errorf("%s mode, %s of %+v: got %+v, want %+v", mode, form, n, w.events, want)
			}
		}
	}
}

func TestTheAppNeedsNoMention(t *testing.T) {
	want := domain.PlatformEvent{AppID: app, OpenID: openID, Withdrawn: domain.PhoneAttribute, At: time.Unix(1714037059, 0).UTC()}
	wantEvent(t, revoked.with(func(n *note) { n.appID = "" }), want)
	wantEvent(t, revoked.with(func(n *note) { n.openPID = "plugin-user" }), want)
}

func TestWhatDoesNotConcernUsIsAcknowledgedAndIgnored(t *testing.T) {
	for name, n := range map[string]note{
		"another authorization":    revoked.with(func(n *note) { n.revoke = "13" }),
		"an unknown authorization": revoked.with(func(n *note) { n.revoke = "60,x,-8" }),
		"no authorization":         revoked.with(func(n *note) { n.revoke = "" }),
		"another event":            revoked.with(func(n *note) { n.event = "user_enter_tempsession" }),
		"an event in capitals":     revoked.with(func(n *note) { n.event = "USER_AUTHORIZATION_REVOKE" }),
		"a text":                   revoked.with(func(n *note) { n.kind = "text" }),
		"a user of a plug-in":      revoked.with(func(n *note) { n.openID, n.openPID = "", "plugin-user" }),
		"one of no user":           {kind: "event", event: "wxa_media_check", time: now},
	} {
		for _, text := range []string{n.xml(), n.json("")} {
			w := world{key: key}
			wantAnswer(t, w.serve(sealed(text)), http.StatusOK, "success")
			if len(w.events) != 0 {
				t.Errorf("%s: got %v, want no event", name, w.events)
			}
		}
	}
}

func TestADeliveryThatComesAgainIsTheSameEvent(t *testing.T) {
	w := world{key: key}
	for range 3 {
		wantAnswer(t, w.serve(sealed(revoked.xml())), http.StatusOK, "success")
	}
	if len(w.events) != 3 || w.events[0] != w.events[1] || w.events[1] != w.events[2] {
		t.Errorf("got %v, want one event three times", w.events)
	}
}

func TestWhatFailedIsToBeDeliveredAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		fails  error
		status int
	}{
		"the store":                        {fmt.Errorf("event: %w", domain.ErrStoreUnavailable), http.StatusServiceUnavailable},
		"anything else":                    {errors.New("mongodb: broken"), http.StatusInternalServerError},
		"a promise that blames the caller": {domain.ErrNotFound, http.StatusInternalServerError},
	} {
		w := world{key: key, fails: tt.fails}
		t.Run(name, func(t *testing.T) { wantAnswer(t, w.serve(sealed(revoked.json(""))), tt.status, "failed") })
		w.fails = nil
		t.Run(name+", and again", func(t *testing.T) { wantAnswer(t, w.serve(sealed(revoked.json(""))), http.StatusOK, "success") })
	}
}
