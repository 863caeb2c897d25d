package config

import (
	"encoding/base64"
	"regexp"
	"strings"

	"wxlogin/domain"
)

// Tokens and keys are what WeChat's console takes.
var (
	eventsTokenPattern = regexp.MustCompile(`^[A-Za-z0-9]{3,32}$`)
	eventsKeyPattern   = regexp.MustCompile(`^[A-Za-z0-9+/]{43}$`)
)

// eventsKeyBytes is the size of an AES-256 key.
const eventsKeyBytes = 32

func setEvents(c *Config, text string) (err error) {
	c.Events.Apps, err = listed[EventsApp, domain.AppID]{
		form:  "wxid:token[:EncodingAESKey]: a token has 3 to 32 letters and digits, a key 43 characters",
		thing: "an app",
		parse: parseEventsApp,
		name:  func(app EventsApp) domain.AppID { return app.ID },
	}.read(text)
	return err
}

func parseEventsApp(entry string) (app EventsApp, ok bool) {
	parts := strings.Split(entry, ":")
	if len(parts) < 2 || len(parts) > 3 || !appIDPattern.MatchString(parts[0]) || !eventsTokenPattern.MatchString(parts[1]) {
		return EventsApp{}, false
	}
	app = EventsApp{ID: domain.AppID(parts[0]), Token: domain.NewSecret(parts[1])}
	if len(parts) == 2 {
		return app, true
	}
	app.Key = domain.NewSecret(parts[2])
	return app, eventsKey(parts[2])
}

// eventsKey reports whether text is an EncodingAESKey. WeChat makes them at
// random, so that the last character may hold bits beyond the 32 bytes.
func eventsKey(text string) bool {
	raw, err := base64.StdEncoding.DecodeString(text + "=")
	return err == nil && len(raw) == eventsKeyBytes && eventsKeyPattern.MatchString(text)
}

// eventsOfOtherApps names an app whose events are expected, and which is not
// configured.
func (c *Config) eventsOfOtherApps() (app domain.AppID, any bool) {
	for _, a := range c.Events.Apps {
		if !c.knows(a.ID) {
			return a.ID, true
		}
	}
	return "", false
}
