package mongodb_test

import (
	"strings"
	"testing"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
)

// A password that is not escaped is refused before its parts are taken for a
// server's name.
func TestScaffoldURIsThatAreNoneAreRefusedWithoutBeingShown(t *testing.T) {
	for _, uri := range []string{
		"", "mongodb://app:s3cret@host", "mysql://app:s3cret@host/db", "mongodb://app:s3cret@host:x/db",
		"mongodb://s3cret:123456/abc@host/db", "mongodb://s3cret:123456/abc@host", "mongodb://s3cret/abc@host/db", "mongodb://s3cret:1/abc@host?ssl=true",
		"mongodb://u:p@s3cret/abc@host/db", "mongodb://u:p@s3cret/abc@host", "mongodb://u:p@s3cret@host/db", "mongodb://u:p@s3cret?abc@host/db",
		"mongodb://u:p@s3cret/db?a=b@host/db", "mongodb://s3cret:12/3?a=b@host/db", "mongodb://s3cret:12?a=b@host/db", "mongodb://u:s3cret#a/b@host/db",
		"mongodb+srv://u:p@s3cret/abc@host", "mongodb+srv://u:p@s3cret/db?a=b@host/db",
	} {
		if _, err := mongodb.NewScaffoldUsers(config.Former{URI: domain.NewSecret(uri)}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: got %v, want an error that does not show it", uri, err)
		}
	}
	for _, uri := range []string{
		"mongodb://u:p%2F%40%3F@host/db", "mongodb://u:p#c@host/db", "mongodb://h1,h2:27018/db?replicaSet=r",
		"mongodb://account:key==@account.example.net:10255/db?ssl=true&appName=@account@",
	} {
		formerIn(t, uri)
	}
}

func TestScaffoldURIWhoseServersAreNotFoundSaysSoWithoutBeingShown(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb+srv://u:p@s3cret.invalid/db":         "DNS",
		"mongodb+srv://u:p@s3cret.invalid:1/db":       "not one that the driver takes",
		"mongodb://u:p@s3cret/db?readPreference=none": "not one that the driver takes",
	} {
		_, err := mongodb.NewScaffoldUsers(config.Former{URI: domain.NewSecret(uri)})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: got %v, want %s and nothing of the URI", uri, err, want)
		}
	}
}
