package wechatapi

import (
	"fmt"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// AppDirectory implements ports.AppDirectory with the configured apps.
type AppDirectory struct {
	apps map[domain.AppID]bool
	only domain.AppID // where there is just one
}

var _ ports.AppDirectory = (*AppDirectory)(nil)

// NewAppDirectory makes the directory.
func NewAppDirectory(cfg config.WeChat) *AppDirectory {
	d := &AppDirectory{apps: make(map[domain.AppID]bool, len(cfg.Apps))}
	for _, a := range cfg.Apps {
		d.apps[a.ID] = true
		d.only = a.ID
	}
	if len(d.apps) != 1 {
		d.only = ""
	}
	return d
}

// Resolve implements ports.AppDirectory.
func (d *AppDirectory) Resolve(named domain.AppID) (domain.AppID, error) {
	if named == "" {
		named = d.only
	}
	if !d.apps[named] {
		return "", fmt.Errorf("wechatapi: %w", domain.ErrUnknownApp)
	}
	return named, nil
}
