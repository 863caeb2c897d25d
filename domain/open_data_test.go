package domain_test

import (
	"encoding/base64"
	"testing"

	"wxlogin/domain"
)

func TestOpenDataHasTheFormOfWhatWeChatMakes(t *testing.T) {
	b64 := func(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	tests := []struct {
		name     string
		text, iv string
		want     bool
	}{
		{"one block", b64(16), b64(16), true},
		{"many blocks", b64(320), b64(16), true},
		{"nothing", "", "", false},
		{"no text", "", b64(16), false},
		{"no vector", b64(16), "", false},
		{"half a block", b64(24), b64(16), false},
		{"a short vector", b64(16), b64(15), false},
		{"a long vector", b64(16), b64(17), false},
		{"text that is no base64", "%%%", b64(16), false},
		{"a vector that is no base64", b64(16), "%%%", false},
		{"base64 of URLs", "________________________________", b64(16), false},
	}
	for _, tt := range tests {
		if got := (domain.OpenData{EncryptedData: tt.text, IV: tt.iv}).WellFormed(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	if !(domain.OpenData{Signature: "x"}).Present() || (domain.OpenData{}).Present() {
		t.Error("got data present by something else than any field")
	}
}
