package config

import "strings"

// warn notes what works and yet should be known, in production.
func (c *Config) warn() {
	if c.Simulator.Enabled {
		return
	}
	if c.HTTP.RateLimits && len(c.HTTP.TrustedProxies) == 0 {
		c.Warnings = append(c.Warnings, "TRUSTED_PROXIES is empty: behind a reverse proxy all clients share one address, and its RATE_LIMITS")
	}
	if !loopback(c.Admin.Listen) {
		c.Warnings = append(c.Warnings, "ADMIN_LISTEN is no loopback address: nobody but your operators and your metrics may reach it")
	}
	if c.Scaffold.SessionKey {
		c.Warnings = append(c.Warnings, "COMPAT_SCAFFOLD_SESSION_KEY hands session_key to clients, which WeChat forbids: switch it off once no client reads it")
	}
	if c.HTTP.CloudRun.Trust {
		c.Warnings = append(c.Warnings, "CLOUDRUN_TRUST lets whoever comes from CLOUDRUN_PEERS be any user: close the service's public domain, and let no proxy of your own be among them")
		if c.HTTP.CloudRun.UnionIDs && c.Accounts.LinkUnionIDs {
			c.Warnings = append(c.Warnings, "CLOUDRUN_UNIONID lets a phone that sends another's unionid be that user, unless Cloud Run's gateway replaces it: try it")
		}
	}
	if c.MongoDB.Used() && (c.Tokens.OwnKeys || c.Sealing.File != "") {
		c.Warnings = append(c.Warnings, "signing or sealing keys are kept in DATA_DIR: replicas must share them, set TOKEN_KEYS_DIR and SEALING_KEYS")
	}
	for _, app := range c.Events.Apps {
		if app.Key.Empty() {
			c.Warnings = append(c.Warnings, "WECHAT_EVENTS has no EncodingAESKey for "+string(app.ID)+": whoever sees the address of one message can make up others, and have users erased; use the safe mode")
		}
	}
	if strings.HasPrefix(c.Tokens.Issuer, "http://") {
		c.Warnings = append(c.Warnings, "TOKEN_ISSUER is no https address: others should be able to reach the service under it")
	}
}
