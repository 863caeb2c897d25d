// Package jwttoken makes and checks access tokens: RFC 9068 JWTs, signed with
// keys from a directory.
//
// golang-jwt signs and verifies. What stands around the signature is read here,
// and strictly, because that library's parser decodes the claims before it knows
// whose they are, takes the last of doubled names, and passes over "typ" and
// "crit". Nothing in a token chooses anything: its "kid" finds a key among those
// loaded, and the key alone says which algorithm it is for.
package jwttoken

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"wxlogin/config"
)

// maxKeyFile is far more than the largest sensible RSA key takes.
const maxKeyFile = 64 << 10

// Keyring holds the keys of one directory. It does not change, and printing it
// shows no key.
type Keyring struct {
	// Warnings are what an operator should know of keys that are accepted.
	Warnings []string

	signing *key
	byID    map[string]*key
	jwks    []byte
}

// LoadKeys reads every *.pem in cfg.KeysDir: PKCS#8 private keys (EC P-256,
// Ed25519, RSA of 2048 bits or more) and "HMAC SECRET" blocks of 32 bytes or
// more, one a file. Of those for cfg.Alg the one whose file name sorts last
// signs; all verify. It reports everything that is wrong at once, naming files
// and never what is in them.
func LoadKeys(cfg config.Tokens) (*Keyring, error) {
	ring, faults := readKeys(cfg.KeysDir, cfg.Alg)
	if ring.signing == nil {
		faults = append(faults, fmt.Errorf("%s: no key for %q", cfg.KeysDir, cfg.Alg))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("jwttoken: load keys: %w", errors.Join(faults...))
	}
	return ring, nil
}

func readKeys(dir, alg string) (*Keyring, []error) {
	ring := &Keyring{byID: map[string]*key{}}
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return ring, []error{err}
	}
	var faults []error
	var all []*key
	files := map[string]string{}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if filepath.Ext(path) != ".pem" {
			continue
		}
		k, err := ring.read(path)
		switch {
		case err != nil:
			faults = append(faults, err)
			continue
		case files[k.id] != "":
			faults = append(faults, fmt.Errorf("%s: is the key of %s again", path, files[k.id]))
			continue
		}
		files[k.id], ring.byID[k.id] = path, k
		all = append(all, k)
		if k.method.Alg() == alg {
			ring.signing = k
		}
	}
	if ring.jwks, err = document(all); err != nil {
		faults = append(faults, err)
	}
	return ring, faults
}

func (r *Keyring) read(path string) (*key, error) {
	info, err := os.Stat(path) // of what a mounted secret's link points at
	if err != nil {
		return nil, err
	}
	if err := r.inspect(path, info); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the operator's own directory
	if err != nil {
		return nil, err
	}
	k, err := parseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// inspect refuses a file that cannot be trusted, and notes one that others read.
func (r *Keyring) inspect(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("is no regular file")
	}
	if info.Size() > maxKeyFile {
		return errors.New("is too large for a key")
	}
	if runtime.GOOS == "windows" { // its modes say nothing
		return nil
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("can be written by group or others: chmod 600")
	}
	if info.Mode().Perm()&0o004 != 0 {
		r.Warnings = append(r.Warnings, path+" can be read by everybody on this machine: chmod 600")
	}
	return nil
}
