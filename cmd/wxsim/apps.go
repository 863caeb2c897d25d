package main

import (
	"errors"
	"fmt"
	"slices"
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

// addEvents reads id:token[:EncodingAESKey], separated by commas, and gives the apps
// what their messages are signed and encrypted with. An error names neither.
func addEvents(apps []wechatsim.App, text string) error {
	if text == "" {
		return nil
	}
	for entry := range strings.SplitSeq(text, ",") {
		parts := strings.Split(strings.TrimSpace(entry), ":")
		if len(parts) < 2 || len(parts) > 3 || slices.Contains(parts, "") {
			return errors.New("-events is written id:token[:EncodingAESKey], separated by commas")
		}
		i := slices.IndexFunc(apps, func(a wechatsim.App) bool { return a.ID == parts[0] })
		switch {
		case i < 0:
			return fmt.Errorf("-events names the app %s, which is not in -apps", parts[0])
		case apps[i].EventToken != "":
			return fmt.Errorf("-events names the app %s twice", parts[0])
		}
		apps[i].EventToken = parts[1]
		if len(parts) == 3 {
			apps[i].EventKey = parts[2]
		}
	}
	return nil
}
