package config

import (
	"encoding/hex"
	"regexp"
	"strings"

	"wxlogin/domain"
)

var clientIDPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// sha256Hex is the length of a SHA-256 in hexadecimal.
const sha256Hex = 64

func setClients(c *Config, text string) (err error) {
	c.Clients.All, err = listed[Client, string]{
		form:  "id:SHA-256 in hexadecimal:wxid[+wxid2][:access-tokens]",
		thing: "a client",
		parse: parseClient,
		name:  func(client Client) string { return client.ID },
	}.read(text)
	return err
}

func parseClient(entry string) (client Client, ok bool) {
	parts := strings.Split(entry, ":")
	tokens := len(parts) == 4 && parts[3] == "access-tokens"
	if (len(parts) != 3 && !tokens) || !clientIDPattern.MatchString(parts[0]) || len(parts[1]) != sha256Hex {
		return Client{}, false
	}
	if _, err := hex.DecodeString(parts[1]); err != nil {
		return Client{}, false
	}
	client = Client{ID: parts[0], SecretHash: strings.ToLower(parts[1]), AccessTokens: tokens}
	for app := range strings.SplitSeq(parts[2], "+") {
		if !appIDPattern.MatchString(app) {
			return Client{}, false
		}
		client.Apps = append(client.Apps, domain.AppID(app))
	}
	return client, true
}

// clientsOfOtherApps names a client and an app of its that is not configured.
func (c *Config) clientsOfOtherApps() (client string, app domain.AppID, any bool) {
	for _, client := range c.Clients.All {
		for _, app := range client.Apps {
			if !c.knows(app) {
				return client.ID, app, true
			}
		}
	}
	return "", "", false
}
