package domain_test

import (
	"strings"
	"testing"

	"wxlogin/domain"
)

func TestKeyOfARecordIsSafeToShowAndTellsOfNobody(t *testing.T) {
	const openID, unionID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE", "ocMvos6NjeKLIBqg5Mr9QjxrP1FA"
	someone := domain.FormerUser{OpenID: openID, UnionID: unionID}
	for text, of := range map[string]domain.FormerUser{
		"5ccbda9a0123456789abcdef":             someone,
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6": someone,
		"key_1:a.B":                            someone,
		"7":                                    someone,
		strings.Repeat("k", 64):                someone,
		"customer-order-1":                     {},
	} {
		if got := of.RecordKey(text); got != text {
			t.Errorf("%q: got %q, want it as it is", text, got)
		}
	}
	for text, of := range map[string]domain.FormerUser{
		"":                         someone,
		strings.Repeat("k", 65):    someone,
		"-rf":                      someone,
		"a b":                      someone,
		"a;reboot":                 someone,
		"$(reboot)":                someone,
		"a\x1b]0;owned\a":          someone,
		"a\nb":                     someone,
		"名":                        someone,
		"a\xff":                    someone,
		openID:                     someone,
		"wx1:" + openID:            someone,
		strings.ToLower(openID):    someone,
		unionID:                    someone,
		"id:" + unionID + "-1":     {}, // of somebody
		"wx1:o2":                   {OpenID: "o2"},
		"wx1:o3":                   {OpenID: " o3\n"},
		"x" + openID[:27] + "E.x":  {},
		"customer-order-" + openID: {},
	} {
		if got := of.RecordKey(text); got != "" {
			t.Errorf("%q: got %q, want none", text, got)
		}
	}
}
