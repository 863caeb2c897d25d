// Package jwttoken makes and checks access tokens: RFC 9068 JWTs, signed with
// keys from a directory that any number of replicas read, and read again when it
// changes.
//
// golang-jwt signs and verifies. What stands around the signature is read here,
// and strictly, because that library's parser decodes the claims before it knows
// whose they are, takes the last of doubled names, and passes over "typ" and
// "crit". Nothing in a token chooses anything: its "kid" finds a key among those
// loaded, and the key alone says which algorithm it is for.
package jwttoken

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"wxlogin/config"
)

// pollEvery is how often a Keyring looks at its directory. Polling sees what
// mounted secrets and network file systems tell no watcher of.
const pollEvery = time.Second

// Keyring holds the keys of one directory as they are now. It is safe for
// concurrent use, and printing it shows no key.
type Keyring struct {
	// Warnings are what an operator should know of keys that LoadKeys accepted.
	Warnings []string

	dir, alg string
	keys     atomic.Pointer[keySet]
	seen     [sha256.Size]byte // of what was found last
	stop     context.CancelFunc
	stopped  chan struct{}
}

// LoadKeys reads every *.pem in cfg.KeysDir: PKCS#8 private keys (EC P-256,
// Ed25519, RSA of 2048 bits or more) and "HMAC SECRET" blocks of 32 bytes or
// more, one a file. All verify. Of those for cfg.Alg one signs: a file's name
// may begin with the time from which it does, as GenerateKey's do, and a file of
// another name has always been valid. The latest whose time has come signs, or
// the earliest of all where none has; between equals the last by name. LoadKeys
// reports everything that is wrong at once, naming files and never what is in
// them.
func LoadKeys(cfg config.Tokens) (*Keyring, error) {
	ring := &Keyring{dir: cfg.KeysDir, alg: cfg.Alg}
	found, err := list(ring.dir)
	set, faults := newKeySet(found.keys(), ring.alg, &keySet{})
	if err != nil {
		faults = append(faults, err)
	}
	if len(set.signers) == 0 {
		faults = append(faults, fmt.Errorf("%s: no key for %q", ring.dir, ring.alg))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("jwttoken: load keys: %w", errors.Join(faults...))
	}
	ring.Warnings, ring.seen = set.warnings, found.sum
	ring.keys.Store(set)
	return ring, nil
}

// Follow looks at the directory each second, until Stop, and takes over what has
// changed; log is told of it.
func (r *Keyring) Follow(log *slog.Logger) {
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	r.stop, r.stopped = stop, stopped
	go func() {
		defer close(stopped)
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.reload(ctx, log)
			case <-ctx.Done():
				return
			}
		}
	}()
}

// Stop ends Follow, and returns when it has ended. Stopping twice is no error.
func (r *Keyring) Stop(ctx context.Context) error {
	if r.stop == nil {
		return nil
	}
	r.stop()
	select {
	case <-r.stopped:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jwttoken: stop: %w", ctx.Err())
	}
}

// reload takes over what has changed in the directory. What is wrong with a file
// concerns that file alone, and is said once. Where no key is left to sign with,
// nothing is taken over: a volume that is not mounted must not log everybody out.
func (r *Keyring) reload(ctx context.Context, log *slog.Logger) {
	found, err := list(r.dir)
	if found.sum == r.seen {
		return
	}
	r.seen = found.sum
	former := r.keys.Load()
	set, faults := newKeySet(found.keys(), r.alg, former)
	if err != nil {
		faults = append(faults, err)
	}
	for _, fault := range faults {
		log.ErrorContext(ctx, "key file cannot be used", "cause", fault)
	}
	if len(set.signers) == 0 {
		log.ErrorContext(ctx, "no key is left to sign with: all keys stay in use as they were until there is one; add the new key before you remove the old one",
			"directory", r.dir, "alg", r.alg)
		return
	}
	for _, warning := range set.warnings {
		if !slices.Contains(former.warnings, warning) {
			log.WarnContext(ctx, "signing key", "warning", warning)
		}
	}
	r.keys.Store(set)
	log.InfoContext(ctx, "keys were read again", "directory", r.dir, "kids", set.ids())
}
