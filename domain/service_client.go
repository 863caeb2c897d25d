package domain

import "slices"

// ServiceClient is a backend that may ask about tokens. It may do so for its own
// apps only.
type ServiceClient struct {
	ID   string
	Apps []AppID
	// AccessTokens says that the client may have WeChat's access_tokens of its apps.
	AccessTokens bool
}

// Serves reports whether app is one of the client's.
func (c ServiceClient) Serves(app AppID) bool { return slices.Contains(c.Apps, app) }
