package config

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"wxlogin/domain"
)

// AppIDs are letters and digits; the colon would break the list, and more.
var appIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func setApps(c *Config, text string) (err error) {
	c.WeChat.Apps, err = listed[App, domain.AppID]{
		form:  "wxid:secret",
		thing: "an app",
		parse: parseApp,
		name:  func(app App) domain.AppID { return app.ID },
	}.read(text)
	return err
}

func parseApp(entry string) (app App, ok bool) {
	id, secret, ok := strings.Cut(entry, ":")
	secret = strings.TrimSpace(secret)
	app = App{ID: domain.AppID(strings.TrimSpace(id)), Secret: domain.NewSecret(secret)}
	return app, ok && appIDPattern.MatchString(string(app.ID)) && secret != "" && !strings.ContainsAny(secret, " \t\r")
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
