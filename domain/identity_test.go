package domain_test

import (
	"strings"
	"testing"

	"wxlogin/domain"
)

func TestIdentityIsCompleteAndPlainOrNotWellFormed(t *testing.T) {
	good := domain.WeChatIdentity{AppID: "wx1", OpenID: "oGZUI0egBJY1zhBYw2KhdUfwVJJE", UnionID: "o6_bmasdasdsad6_2sgVt7hMZOPfL"}
	long := strings.Repeat("o", 128)
	for name, tt := range map[string]struct {
		change func(*domain.WeChatIdentity)
		want   bool
	}{
		"whole":                  {func(*domain.WeChatIdentity) {}, true},
		"without a UnionID":      {func(i *domain.WeChatIdentity) { i.UnionID = "" }, true},
		"as long as can be":      {func(i *domain.WeChatIdentity) { i.OpenID, i.UnionID = domain.OpenID(long), domain.UnionID(long) }, true},
		"of no app":              {func(i *domain.WeChatIdentity) { i.AppID = "" }, false},
		"of nobody":              {func(i *domain.WeChatIdentity) { i.OpenID = "" }, false},
		"an OpenID too long":     {func(i *domain.WeChatIdentity) { i.OpenID = domain.OpenID(long + "o") }, false},
		"a UnionID too long":     {func(i *domain.WeChatIdentity) { i.UnionID = domain.UnionID(long + "o") }, false},
		"an app too long":        {func(i *domain.WeChatIdentity) { i.AppID = domain.AppID(long + "o") }, false},
		"a blank":                {func(i *domain.WeChatIdentity) { i.OpenID += " o" }, false},
		"a tab in the UnionID":   {func(i *domain.WeChatIdentity) { i.UnionID += "\to" }, false},
		"a letter of another":    {func(i *domain.WeChatIdentity) { i.OpenID += "é" }, false},
		"no UTF-8":               {func(i *domain.WeChatIdentity) { i.OpenID += "\xff" }, false},
		"a control character":    {func(i *domain.WeChatIdentity) { i.OpenID += "\x00" }, false},
		"a line break in an app": {func(i *domain.WeChatIdentity) { i.AppID += "\n" }, false},
	} {
		identity := good
		if tt.change(&identity); identity.WellFormed() != tt.want {
			t.Errorf("%s: got %v, want %v", name, identity.WellFormed(), tt.want)
		}
	}
}
