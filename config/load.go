package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Mode says for whom the service runs; it decides the defaults.
type Mode string

// The modes, named as the commands that use them.
const (
	Dev   Mode = "dev"   // a developer's machine: everything inside, loopback only
	Serve Mode = "serve" // production: nothing is assumed
	Tool  Mode = "tool"  // an operator's command: as Serve, without WeChat
)

// Lookup returns the value of an environment variable and whether it is set, as
// os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Load reads the settings of mode. A variable NAME_FILE names a file that holds
// the value of NAME, for mounted secrets; an empty variable is as good as none.
// The error lists everything that is wrong, one line each, and shows no secret.
func Load(mode Mode, lookup Lookup) (Config, error) {
	cfg := Config{
		HTTP:      HTTP{Stop: 10 * time.Second},
		Simulator: Simulator{Enabled: mode == Dev},
	}
	wrong := faults{}
	for _, s := range settings {
		text, err := s.read(mode, lookup)
		if err == nil {
			err = s.set(&cfg, text)
		}
		if err != nil {
			wrong.add(s.Name, err)
		}
	}
	cfg.follow(mode)
	cfg.together(mode, &wrong)
	if err := errors.Join(wrong.list...); err != nil {
		return Config{}, err
	}
	cfg.warn()
	return cfg, nil
}

// read returns the setting's text: set directly, through a file, or by default.
func (s Setting) read(mode Mode, lookup Lookup) (string, error) {
	text, _ := lookup(s.Name)
	path, _ := lookup(s.Name + "_FILE")
	text, path = strings.TrimSpace(text), strings.TrimSpace(path)
	switch {
	case text != "" && path != "":
		return "", fmt.Errorf("%s_FILE is set too", s.Name)
	case text != "":
		return text, nil
	case path != "":
		return mounted(s.Name, path)
	case mode == Dev:
		return s.Dev, nil
	}
	return s.Serve, nil
}

// mounted returns what the file holds. The error does not show the path: it
// would be the secret where somebody put that into NAME_FILE by mistake.
func mounted(name, path string) (string, error) {
	content, err := os.ReadFile(filepath.Clean(path))
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	if err != nil {
		return "", fmt.Errorf("%s_FILE cannot be read: %w", name, err)
	}
	text := strings.TrimSpace(string(content))
	if text == "" {
		return "", fmt.Errorf("%s_FILE names an empty file", name)
	}
	return text, nil
}

// faults collects what is wrong with the settings.
type faults struct {
	list []error
	of   map[string]bool // the settings that are
}

func (f *faults) add(name string, err error) {
	if f.of == nil {
		f.of = make(map[string]bool)
	}
	f.of[name] = true
	f.list = append(f.list, fmt.Errorf("%s: %w", name, err))
}

// when adds a fault of name if broken, unless name or one of the others that it
// hangs on is wrong already: then nobody can tell.
func (f *faults) when(broken bool, name, text string, others ...string) {
	if !broken || f.of[name] || slices.ContainsFunc(others, func(o string) bool { return f.of[o] }) {
		return
	}
	f.add(name, errors.New(text))
}

// follow fills in what follows from other settings. The keys that are not given
// to the service it makes itself, in DATA_DIR. Pictures go where the users are.
func (c *Config) follow(mode Mode) {
	if c.Tokens.KeysDir == "" {
		c.Tokens.KeysDir, c.Tokens.OwnKeys = filepath.Join(c.SQLite.Dir, "keys"), true
	}
	if len(c.Sealing.Keys) == 0 {
		c.Sealing.File = filepath.Join(c.SQLite.Dir, "sealing.key")
	}
	if mode == Dev && c.Tokens.Issuer == "" {
		c.Tokens.Issuer = c.HTTP.LocalURL()
	}
	if mode == Dev && !c.knows(DevAppID) { // whose events are expected by default
		c.Events.Apps = slices.DeleteFunc(c.Events.Apps, func(a EventsApp) bool { return a.ID == DevAppID })
	}
	if c.Avatars.Dir == "" && !c.MongoDB.Used() && c.SQLite.Dir != InMemory {
		c.Avatars.Dir = filepath.Join(c.SQLite.Dir, "avatars")
	}
	if len(c.WeChat.Apps) > 0 {
		c.Scaffold.AppID, c.Wafer.AppID = c.WeChat.Apps[0].ID, c.WeChat.Apps[0].ID
	}
	if mode == Dev { // where both are on by default, and only one was switched off
		c.Scaffold.SessionKey = c.Scaffold.SessionKey && c.Scaffold.Enabled
	}
}

// together checks what no setting can say alone.
func (c *Config) together(mode Mode, wrong *faults) {
	forgetful := c.SQLite.Dir == InMemory
	wrong.when(mode == Serve && len(c.WeChat.Apps) == 0, "WECHAT_APPS",
		"must be set: AppID and AppSecret of your mini program, as wxid:secret")
	wrong.when(mode == Dev && !loopback(c.HTTP.Listen), "LISTEN", "dev listens on a loopback address only")
	wrong.when(mode == Dev && !loopback(c.Admin.Listen), "ADMIN_LISTEN", "dev listens on a loopback address only")
	wrong.when(mode == Dev && !loopback(c.Simulator.ManageListen), "SIM_LISTEN",
		"the simulator listens on a loopback address only")
	wrong.when(mode != Tool && sameListener(c.HTTP.Listen, c.Admin.Listen), "ADMIN_LISTEN",
		"is the port of LISTEN too: give the operators' listener one of its own", "LISTEN")
	wrong.when(c.Sessions.Idle > c.Sessions.Absolute, "SESSION_IDLE_TTL",
		"is longer than SESSION_ABSOLUTE_TTL", "SESSION_ABSOLUTE_TTL")
	client, app, foreign := c.clientsOfOtherApps()
	wrong.when(foreign && mode != Tool, "SERVICE_CLIENTS",
		fmt.Sprintf("%s names the app %s, which is not in WECHAT_APPS", client, app), "WECHAT_APPS")
	pushed, unknown := c.eventsOfOtherApps()
	wrong.when(unknown && mode != Tool, "WECHAT_EVENTS",
		fmt.Sprintf("names the app %s, which is not in WECHAT_APPS", pushed), "WECHAT_APPS")
	wrong.when(c.Scaffold.SessionKey && !c.Scaffold.Enabled, "COMPAT_SCAFFOLD_SESSION_KEY",
		"means nothing without COMPAT_SCAFFOLD", "COMPAT_SCAFFOLD")
	c.cloudRunTogether(mode, wrong)
	wrong.when(forgetful && c.Tokens.OwnKeys, "TOKEN_KEYS_DIR", "must be set where DATA_DIR keeps nothing")
	wrong.when(forgetful && c.Sealing.File != "", "SEALING_KEYS", "must be set where DATA_DIR keeps nothing")
}

// loopback reports whether address, with or without a port, is of this machine
// alone. A name other than localhost is not looked up.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || (err == nil && ip.IsLoopback())
}
