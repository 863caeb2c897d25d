package main

import (
	"errors"
	"strings"

	"wxlogin/adapters/wechatsim"
)

// parseApps reads id:secret[@account], separated by commas. An error names no
// secret.
func parseApps(text string) ([]wechatsim.App, error) {
	var apps []wechatsim.App
	for entry := range strings.SplitSeq(text, ",") {
		id, secret, _ := strings.Cut(strings.TrimSpace(entry), ":")
		account := ""
		if at := strings.LastIndex(secret, "@"); at >= 0 {
			secret, account = secret[:at], secret[at+1:]
		}
		if id == "" || secret == "" {
			return nil, errors.New("-apps is written id:secret[@account], separated by commas")
		}
		apps = append(apps, wechatsim.App{ID: id, Secret: secret, Account: account})
	}
	return apps, nil
}
