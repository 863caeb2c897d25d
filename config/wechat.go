package config

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"wxlogin/domain"
)

// AppIDs are letters and digits; the colon would break the list, and more.
var appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Entries are parted by commas, in files by lines.
var entryPattern = regexp.MustCompile(`\s*[,\n]\s*`)

func setApps(c *Config, text string) error {
	if text == "" {
		return nil
	}
	seen := map[domain.AppID]bool{}
	for i, entry := range entryPattern.Split(text, -1) {
		id, secret, ok := strings.Cut(strings.TrimSpace(entry), ":")
		app := App{ID: domain.AppID(strings.TrimSpace(id)), Secret: domain.NewSecret(strings.TrimSpace(secret))}
		if !ok || !appIDPattern.MatchString(string(app.ID)) || app.Secret.Empty() || strings.ContainsAny(strings.TrimSpace(secret), " \t\r") {
			return fmt.Errorf("entry %d is not of the form wxid:secret", i+1)
		}
		if seen[app.ID] {
			return fmt.Errorf("entry %d names an app that is there already", i+1)
		}
		seen[app.ID] = true
		c.WeChat.Apps = append(c.WeChat.Apps, app)
	}
	return nil
}

// webURL parses a URL of scheme, host and perhaps a path, and nothing else.
func webURL(text string) (u *url.URL, ok bool) {
	u, err := url.Parse(text)
	return u, err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && !strings.ContainsAny(text, "?#")
}

func setBaseURL(c *Config, text string) error {
	if text == "" || c.Simulator.Enabled {
		return nil
	}
	u, ok := webURL(text)
	if !ok || strings.Trim(u.Path, "/") != "" {
		return errors.New("want a URL of scheme and host, such as https://api.weixin.qq.com")
	}
	if u.Scheme == "http" && !loopback(u.Host) {
		return errors.New("the AppSecret travels there: want https, or http to a loopback address")
	}
	c.WeChat.BaseURL = u.Scheme + "://" + u.Host
	return nil
}

func setConcurrent(c *Config, text string) error {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n < 1 || n > 10000 {
		return errors.New("want a number from 1 to 10000")
	}
	c.WeChat.MaxConcurrent = uint(n)
	return nil
}
