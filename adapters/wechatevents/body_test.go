package wechatevents_test

import (
	"strings"
	"testing"
)

// event is what every good body in these tests comes to, field by field.
const (
	xmlFields  = "<MsgType>event</MsgType><Event>user_authorization_revoke</Event><CreateTime>" + now + "</CreateTime><OpenID>" + openID + "</OpenID><RevokeInfo>8</RevokeInfo>"
	jsonFields = `"MsgType":"event","Event":"user_authorization_revoke","CreateTime":` + now + `,"OpenID":"` + openID + `","RevokeInfo":8`
)

func TestBodiesThatMakeNoSenseAreRefused(t *testing.T) {
	bomb := `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	for name, body := range map[string]string{
		"nothing":                      "",
		"blanks":                       " \r\n",
		"text":                         "hello",
		"a number":                     "1",
		"a list":                       "[{" + jsonFields + "}]",
		"no JSON":                      "{" + jsonFields,
		"JSON and more":                "{" + jsonFields + "} {}",
		"JSON and XML":                 "{" + jsonFields + "}<xml/>",
		"a comma too many":             "{" + jsonFields + ",}",
		"a name without quotes":        "{" + jsonFields + ",a:1}",
		"a name that is a number":      "{" + jsonFields + ",1:1}",
		"a name without a value":       "{" + jsonFields + `,"a":}`,
		"a name twice":                 "{" + jsonFields + `,"OpenID":"` + openID + `"}`,
		"a name twice but for blanks":  "{" + jsonFields + `," OpenID ":"o2"}`,
		"a name twice but for escapes": "{" + jsonFields + `,"\u004fpenID":"o2"}`,
		"an unknown name twice":        "{" + jsonFields + `,"a":1,"a ":2}`,
		"no XML":                       "<xml>" + xmlFields,
		"another root":                 "<message>" + xmlFields + "</message>",
		"a root of another namespace":  `<xml xmlns="urn:x">` + xmlFields + "</xml>",
		"a field of another namespace": `<xml xmlns:x="urn:x">` + xmlFields + "<x:a>1</x:a></xml>",
		"two roots":                    "<xml>" + xmlFields + "</xml><xml></xml>",
		"XML and more":                 "<xml>" + xmlFields + "</xml>more",
		"XML between text":             "<xml>text" + xmlFields + "</xml>",
		"a field twice":                "<xml>" + xmlFields + "<OpenID>o2</OpenID></xml>",
		"an unknown field twice":       "<xml>" + xmlFields + "<a>1</a><a>1</a></xml>",
		"a document type":              "<!DOCTYPE xml><xml>" + xmlFields + "</xml>",
		"a document type inside":       "<xml><!DOCTYPE xml>" + xmlFields + "</xml>",
		"a bomb":                       bomb + "<xml>" + xmlFields + "<a>&b;</a></xml>",
		"a file":                       `<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>` + xmlFields + "<a>&f;</a></xml>",
		"an entity from nowhere":       "<xml>" + xmlFields + "<a>&b;</a></xml>",
		"an instruction":               "<?php x?><xml>" + xmlFields + "</xml>",
		"another encoding":             `<?xml version="1.0" encoding="GBK"?><xml>` + xmlFields + "</xml>",
		"no UTF-8":                     "<xml>" + xmlFields + "<a>\xff</a></xml>",
		"an end of another":            "<xml>" + xmlFields + "<a></b></xml>",
		"too deep":                     "<xml>" + xmlFields + strings.Repeat("<a>", 16) + strings.Repeat("</a>", 16) + "</xml>",
		"too long":                     "{" + jsonFields + "}" + strings.Repeat(" ", 64<<10),
		"too long XML":                 "<xml>" + xmlFields + strings.Repeat(" ", 64<<10) + "</xml>",
	} {
		t.Run(name, func(t *testing.T) {
			(&world{}).wantRefused(t, plain(body))
			(&world{key: key}).wantRefused(t, sealed(body))
		})
	}
}

func TestEventsThatLackWhatCountsAreRefused(t *testing.T) {
	for name, n := range map[string]note{
		"no kind":                 revoked.with(func(n *note) { n.kind = "" }),
		"another app":             revoked.with(func(n *note) { n.appID = "wxother" }),
		"no user":                 revoked.with(func(n *note) { n.openID = "" }),
		"a user with a blank":     revoked.with(func(n *note) { n.openID = "o 1" }),
		"a user beyond ASCII":     revoked.with(func(n *note) { n.openID = "oé" }),
		"a user that is too long": revoked.with(func(n *note) { n.openID = strings.Repeat("o", 129) }),
		"no time":                 revoked.with(func(n *note) { n.time = "" }),
		"a time of 0":             revoked.with(func(n *note) { n.time = "0" }),
		"a time before all":       revoked.with(func(n *note) { n.time = "-1" }),
		"a time in words":         revoked.with(func(n *note) { n.time = "now" }),
		"a time with a point":     revoked.with(func(n *note) { n.time = "1714037059.5" }),
		"a time in hexadecimal":   revoked.with(func(n *note) { n.time = "0x10" }),
		"a time after the world":  revoked.with(func(n *note) { n.time = "253402300800" }),
		"a time beyond numbers":   revoked.with(func(n *note) { n.time = "99999999999999999999" }),
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{n.xml(), n.json("")} {
				(&world{}).wantRefused(t, plain(text))
				(&world{key: key}).wantRefused(t, sealed(text))
			}
		})
	}
	(&world{}).wantRefused(t, plain(`{"MsgType":"event","Event":"user_info_modified","CreateTime":1,"OpenID":["`+openID+`"]}`))
}

func TestBodiesMayHoldMoreThanWeNeed(t *testing.T) {
	for name, body := range map[string]string{
		"a declaration":           `<?xml version="1.0" encoding="UTF-8"?>` + "\n<xml>" + xmlFields + "</xml>\n",
		"comments":                "<!-- a --><xml><!-- b -->" + xmlFields + "</xml><!-- c -->",
		"attributes":              `<xml a="1">` + xmlFields + `<b c="2"/></xml>`,
		"lists":                   "<xml>" + xmlFields + "<List><Item><OpenID>o2</OpenID></Item><Item><OpenID>o3</OpenID></Item></List></xml>",
		"as deep as may be":       "<xml>" + xmlFields + strings.Repeat("<a>", 15) + strings.Repeat("</a>", 15) + "</xml>",
		"entities that XML knows": "<xml>" + xmlFields + "<a>&lt;&amp;&#x41;</a></xml>",
		"blanks around values":    "<xml>" + strings.NewReplacer("<OpenID>", "<OpenID>\n ", "</OpenID>", "\t</OpenID>").Replace(xmlFields) + "</xml>",
		"blanks around":           " \n{" + jsonFields + "}\n",
		"objects and lists":       "{" + jsonFields + `,"List":[{"OpenID":"o2"},{"OpenID":"o3"}],"a":{"OpenID":"o4"},"b":true,"c":null}`,
		"a name in small letters": "{" + jsonFields + `,"openid":"o2"}`,
		"as long as may be":       "{" + jsonFields + "}" + strings.Repeat(" ", 64<<10-len(jsonFields)-2),
	} {
		var w world
		t.Run(name, func(t *testing.T) { wantAnswer(t, w.serve(plain(body)), 200, "success") })
		if len(w.events) != 1 || w.events[0].OpenID != openID {
			t.Errorf("%s: got %v, want the event of %s", name, w.events, openID)
		}
	}
}
