package wechatevents_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzMessage sends any message, correctly signed and encrypted: it is refused
// or taken, and what comes of it is an event of this app about somebody.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{
		revoked.xml(), revoked.json(""), revoked.json(" "), "{" + jsonFields + "}", "<xml>" + xmlFields + "</xml>", samplePlainBody,
		`<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>`, `{"a":[[[{}]]]}`, "<xml><a><![CDATA[]]></a></xml>", "", "\x00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range []*world{{}, {key: key}} {
			r := plain(text)
			if w.key != "" {
				r = sealed(text)
			}
			got := w.serve(r)
			if refused := got.Code == http.StatusForbidden; refused == (got.Code == http.StatusOK) || len(w.events) > 1 || (refused && len(w.events) > 0) {
				t.Fatalf("got %d and events %v", got.Code, w.events)
			}
			for _, e := range w.events {
				if e.AppID != app || e.OpenID == "" || !e.Concerns() || e.At.Unix() <= 0 || e.At.Location() != time.UTC {
					t.Fatalf("got %+v, want an event that can be acted on", e)
				}
			}
		}
	})
}

// FuzzStranger sends anything that whoever does not know the token can: nothing
// comes of it.
func FuzzStranger(f *testing.F) {
	encrypted := seal(key, pad(pack(revoked.json(""), app)))
	f.Add(samplePlain, samplePlainBody)
	f.Add(sampleSafe, sampleSafeBody)
	f.Add("signature="+sign("", now, nonce)+"&timestamp="+now+"&nonce="+nonce, revoked.xml())
	f.Add("signature=&timestamp=&nonce=&encrypt_type=aes&msg_signature=", `{"Encrypt":"`+encrypted+`"}`)
	f.Fuzz(func(t *testing.T, query, body string) {
		for _, w := range []*world{{}, {key: key}} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				r := httptest.NewRequest(method, path, strings.NewReader(body))
				r.URL.RawQuery = query
				w.wantRefused(t, r)
			}
		}
	})
}

// FuzzPacking sends anything that is encrypted with the key and signed, packed
// as it may be.
func FuzzPacking(f *testing.F) {
	f.Add(pad(pack(revoked.json(""), app)))
	f.Add(sized("{}", 1<<31))
	f.Add(make([]byte, 32))
	f.Fuzz(func(t *testing.T, packed []byte) {
		w := world{key: key}
		got := w.serve(carry(seal(key, packed[:len(packed)/16*16])))
		if got.Code != http.StatusOK && got.Code != http.StatusForbidden {
			t.Fatalf("got %d", got.Code)
		}
		if got.Code == http.StatusForbidden && len(w.events) > 0 {
			t.Fatalf("got refused with events %v", w.events)
		}
	})
}
