package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// required are the claims that every token has; all but the times are texts.
var required = []string{"iss", "sub", "aud", "exp", "iat", "jti", "sid", "client_id"}

func (f Forger) hostileForms(t testing.TB) []HostileToken {
	good := f.good(t)
	p := strings.Split(good, ".")
	flat := fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, p[0], p[1], p[2])
	all := map[string]string{
		"nothing": "", "a dot": ".", "two dots": "..", "three dots": "...", "10000 dots": strings.Repeat(".", 10_000), "8000 dots": strings.Repeat(".", 8_000),
		"one segment": p[0], "two segments": p[0] + "." + p[1], "four segments": good + ".", "five segments": good + "." + p[1] + "." + p[2],
		"a dot before": "." + good, "flattened JSON": flat, "general JSON": `{"payload":"` + p[1] + `","signatures":[` + flat + `]}`,
		"twice": good + good, "twice with a comma": good + "," + good, "its scheme before": "Bearer " + good,
		"a blank before": " " + good, "a blank behind": good + " ", "a line break behind": good + "\n", "a NUL behind": good + "\x00", "not UTF-8 behind": good + "\xff",
		"no header": "." + p[1] + "." + p[2], "no claims": f.signed(t, p[0]+"."), "upper case": strings.ToUpper(good), "reversed": p[2] + "." + p[1] + "." + p[0],
		"over 8 KiB": f.token(t, f.header().text(), f.claims().with("pad", strings.Repeat("x", 8<<10))),
	}
	for i, name := range []string{"header", "claims", "signature"} {
		all["padding behind the "+name] = f.respelled(t, p, i, p[i]+"=")
		all["double padding behind the "+name] = f.respelled(t, p, i, p[i]+"==")
		all["a line break in the "+name] = f.respelled(t, p, i, p[i][:4]+"\r\n"+p[i][4:])
		all["a blank in the "+name] = f.respelled(t, p, i, p[i][:4]+" "+p[i][4:])
		all["a character more in the "+name] = f.respelled(t, p, i, p[i]+"A")
		all["a character of the other base64 in the "+name] = f.respelled(t, p, i, "+/"+p[i][2:])
		if last := unusedBitsSet(p[i]); last != "" {
			all["unused bits set in the "+name] = f.respelled(t, p, i, last)
		}
	}
	all["header and claims signed with padding"] = f.signed(t, base64.URLEncoding.EncodeToString([]byte(f.header().text()+" "))+"."+
		base64.URLEncoding.EncodeToString([]byte(f.claims().text()+" ")))
	all["claims signed as they are"] = f.signed(t, p[0]+"."+f.claims().text())
	return named("R-JWT-5", all)
}

// respelled has another text for a segment, under a good signature unless it is
// the signature's own.
func (f Forger) respelled(t testing.TB, parts []string, i int, segment string) string {
	t.Helper()
	p := append([]string{}, parts...)
	p[i] = segment
	if i == 2 {
		return strings.Join(p, ".")
	}
	return f.signed(t, p[0]+"."+p[1])
}

// unusedBitsSet spells the same bytes another way, where base64 has one.
func unusedBitsSet(segment string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(segment)%4 == 0 {
		return ""
	}
	end := len(segment) - 1
	return segment[:end] + string(alphabet[strings.IndexByte(alphabet, segment[end])+1])
}

func named(requirement string, tokens map[string]string) (all []HostileToken) {
	for name, token := range tokens {
		all = append(all, HostileToken{requirement + " " + name, token})
	}
	return all
}

func (f Forger) hostileClaims(t testing.TB) (all []HostileToken) {
	header := f.header().text()
	add := func(name, claims string) {
		all = append(all, HostileToken{"R-JWT-6 " + name, f.token(t, header, claims)})
	}
	for _, name := range required {
		add("no "+name, f.claims().without(name))
		add(name+" only in upper case", object{strings.ToUpper(name): f.claims()[name]}.after(strings.Trim(f.claims().without(name), "{}")))
		for _, value := range []any{nil, "", true, false, []any{}, object{}, []any{7}, []any{nil}, object{"a": 1}} {
			add(fmt.Sprintf("%s %#v", name, value), f.claims().with(name, value))
		}
		if name != "exp" && name != "iat" {
			add(name+" a number", f.claims().with(name, 7))
		}
		if name != "aud" {
			add(name+" in an array", f.claims().with(name, []any{f.claims()[name]}))
		}
	}
	for _, iss := range []string{f.Issuer + "/", f.Issuer + " ", strings.ToUpper(f.Issuer), f.Issuer[:len(f.Issuer)-1], "https://evil.example", f.Audience} {
		add("iss "+iss, f.claims().with("iss", iss))
	}
	return all
}

func (f Forger) hostileAudiences(t testing.TB) (all []HostileToken) {
	for _, aud := range []any{
		"another", strings.ToUpper(f.Audience), f.Audience + " ", f.Audience[:len(f.Audience)-1], f.Audience + "," + f.Audience, f.Issuer,
		[]string{"another"}, []string{"another", f.Audience + "2"}, []any{f.Audience, 7}, []any{f.Audience, nil}, []any{f.Audience, ""},
		[]any{[]string{f.Audience}}, object{"aud": f.Audience}, object{f.Audience: true},
	} {
		all = append(all, HostileToken{fmt.Sprintf("R-JWT-6 aud %v", aud), f.token(t, f.header().text(), f.claims().with("aud", aud))})
	}
	return all
}

// hostileTimes are numbers that readers disagree on, and times that are not yet.
func (f Forger) hostileTimes(t testing.TB) (all []HostileToken) {
	soon := f.Now.Unix() + 900
	for _, name := range []string{"exp", "iat", "nbf"} {
		for _, value := range []string{
			fmt.Sprintf("%q", fmt.Sprint(soon)), fmt.Sprintf("%d.5", soon), fmt.Sprintf("%d.0", soon), "-1", "-0", "1e300", "-1e300", "1e10", "1E400",
			"9223372036854775808", "18446744073709551617", "253402300800", "[]", "true", `"tomorrow"`, `"2099-01-01T00:00:00Z"`,
		} {
			claims := f.claims().with(name, json.RawMessage(value))
			all = append(all, HostileToken{"R-JWT-6 " + name + " " + value, f.token(t, f.header().text(), claims)})
		}
	}
	for _, name := range []string{"iat", "nbf"} {
		all = append(all, HostileToken{"R-JWT-6 " + name + " in five minutes", f.token(t, f.header().text(), f.claims().with(name, f.Now.Unix()+300))})
	}
	return all
}

// hostileJSON is what two readers of JSON may read differently.
func (f Forger) hostileJSON(t testing.TB) []HostileToken {
	h, c := f.header(), f.claims()
	headers := map[string]string{
		"alg doubled before": h.before(`"alg":"none"`), "alg doubled behind": h.after(`"alg":"none"`), "alg doubled alike": h.after(`"alg":"` + f.Alg + `"`),
		"kid doubled": h.before(`"kid":"unknown"`), "typ doubled": h.after(`"typ":"JWT"`), "alg doubled in an escape": h.before(`"\u0061lg":"none"`),
		"crit in an escape": h.after(`"cr\u0069t":["exp"]`), "another case beside": h.after(`"Alg":"none"`), "another case alone": strings.ToUpper(h.text()),
		"an array": "[" + h.text() + "]", "a string": `"at+jwt"`, "null": "null", "a number": "1", "empty": "{}", "two objects": h.text() + h.text(),
		"text behind": h.text() + "x", "cut short": h.text()[:20], "a byte order mark": "\ufeff" + h.text(), "not UTF-8": h.after("\"x\":\"\xff\""),
		"a comma behind": h.text()[:len(h.text())-1] + ",}", "single quotes": strings.ReplaceAll(h.text(), `"`, "'"), "a comment": "/**/" + h.text(), "nothing": "",
	}
	claims := map[string]string{
		"exp doubled before": c.before(`"exp":1`), "exp doubled behind": c.after(`"exp":9999999999`), "sub doubled": c.after(`"sub":"another"`),
		"sub doubled alike": c.after(`"sub":"` + string(f.Caller.UserID) + `"`), "sid doubled in an escape": c.before(`"s\u0069d":"another"`),
		"an unknown name doubled": c.after(`"x":1,"x":2`),
		"not UTF-8":               strings.Replace(c.text(), `"sub":"`, "\"sub\":\"\xff", 1), "not UTF-8 in an unknown claim": c.after("\"x\":\"\xc3\x28\""),
		"half a character": strings.Replace(c.text(), `"sub":"`, `"sub":"\ud800`, 1), "a byte order mark": "\ufeff" + c.text(), "UTF-16": strings.Join(strings.Split(c.text(), ""), "\x00"),
		"an array": "[" + c.text() + "]", "a string": `"claims"`, "null": "null", "empty": "{}", "two objects": c.text() + c.text(), "text behind": c.text() + "x",
		"cut short": c.text()[:40], "a comma behind": c.text()[:len(c.text())-1] + ",}", "very deep": c.after(`"x":` + strings.Repeat("[", 2000)), "nothing": "", "blanks": "  ",
	}
	var all []HostileToken
	for name, header := range headers {
		all = append(all, HostileToken{"R-JWT-9 header: " + name, f.token(t, header, c.text())})
	}
	for name, text := range claims {
		all = append(all, HostileToken{"R-JWT-9 claims: " + name, f.token(t, h.text(), text)})
	}
	return all
}
