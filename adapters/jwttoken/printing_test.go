package jwttoken_test

import (
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"wxlogin/adapters/jwttoken"
)

func TestPrintingAKeyringShowsNoKey(t *testing.T) {
	dir := t.TempDir()
	path, _ := generate(t, dir, "HS256", day)
	secret, _ := pem.Decode(read(t, path))
	keys := load(t, settings(dir, "HS256"))
	issuer := jwttoken.NewAccessTokenIssuer(keys, settings(dir, "HS256"), &counting{})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		text := fmt.Sprintf(verb+verb, keys, issuer)
		for _, spelling := range []string{string(secret.Bytes), fmt.Sprintf("%x", secret.Bytes), strings.Trim(fmt.Sprint(secret.Bytes), "[]")} {
			if strings.Contains(text, spelling) {
				t.Errorf("%s: got the secret in %s", verb, text)
			}
		}
	}
}
