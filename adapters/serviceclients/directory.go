// Package serviceclients knows the backends that the operator configured, and
// tells them by their secrets.
package serviceclients

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// Directory implements ports.ServiceClientDirectory.
type Directory struct {
	clients map[string]entry
}

var _ ports.ServiceClientDirectory = (*Directory)(nil)

type entry struct {
	client domain.ServiceClient
	hash   [sha256.Size]byte
}

// NewDirectory knows the clients of cfg. Their secrets are random, so that a fast
// hash is right for them.
func NewDirectory(cfg config.Clients) (*Directory, error) {
	d := &Directory{clients: make(map[string]entry, len(cfg.All))}
	for _, c := range cfg.All {
		e := entry{client: domain.ServiceClient{ID: c.ID, Apps: c.Apps, AccessTokens: c.AccessTokens}}
		hash, err := hex.DecodeString(c.SecretHash)
		if err != nil || len(hash) != len(e.hash) {
			return nil, fmt.Errorf("serviceclients: what %s has is no SHA-256 in hexadecimal", c.ID)
		}
		copy(e.hash[:], hash)
		d.clients[c.ID] = e
	}
	return d, nil
}

// Identify implements ports.ServiceClientDirectory. The hash of an unknown client
// is all zeros, which no secret has. An empty secret is never right, even where
// somebody configured its hash.
func (d *Directory) Identify(id string, secret domain.Secret) (domain.ServiceClient, error) {
	known, ok := d.clients[id]
	given := sha256.Sum256([]byte(secret.Reveal()))
	if subtle.ConstantTimeCompare(given[:], known.hash[:]) != 1 || !ok || secret.Empty() {
		return domain.ServiceClient{}, domain.ErrClientInvalid
	}
	return known.client, nil
}
