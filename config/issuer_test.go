package config_test

import (
	"testing"

	"wxlogin/config"
)

func TestDevIsReachedWhereItListensUnlessToldOtherwise(t *testing.T) {
	for _, tt := range []struct{ listen, issuer, want string }{
		{"", "", "http://127.0.0.1:8080"},
		{"127.0.0.1:38080", "", "http://127.0.0.1:38080"},
		{"localhost:38080", "", "http://127.0.0.1:38080"},
		{"[::1]:38080", "", "http://[::1]:38080"},
		{"127.0.0.1:38080", "https://tunnel.example.com", "https://tunnel.example.com"},
	} {
		got := load(t, config.Dev, map[string]string{"LISTEN": tt.listen, "TOKEN_ISSUER": tt.issuer})
		if got.Tokens.Issuer != tt.want {
			t.Errorf("LISTEN=%s TOKEN_ISSUER=%s: got %s, want %s", tt.listen, tt.issuer, got.Tokens.Issuer, tt.want)
		}
	}
}

func TestListenerOfEveryAddressIsReachedOnLoopback(t *testing.T) {
	for give, want := range map[string]string{
		":8080": "http://127.0.0.1:8080", "0.0.0.0:81": "http://127.0.0.1:81", "[::]:82": "http://127.0.0.1:82",
		"10.0.0.1:83": "http://10.0.0.1:83", "Login.example:84": "http://login.example:84",
	} {
		if got := (config.HTTP{Listen: give}).LocalURL(); got != want {
			t.Errorf("%s: got %s, want %s", give, got, want)
		}
	}
}
