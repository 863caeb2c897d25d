package jwttoken

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Rotate makes the next key for alg, which signs once wait is over, unless one
// that is yet to sign is there already, and reports whether it did. The first key
// signs at once. It removes the keys for alg that another took over from longer
// ago than keep, and returns them: nothing that they signed is to be live by then.
// Everything in between is the services' own doing: they publish a key when they
// see it, and sign with it when its time has come. Afterwards d is up to date.
func (d *KeyDirectory) Rotate(alg string, wait, keep time.Duration) (made bool, removed []KeyFile, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("jwttoken: rotate keys: %w", err)
		}
	}()
	keys := d.Of(alg)
	if !slices.ContainsFunc(keys, d.waits) {
		from := d.now.Add(wait + time.Second - 1) // a name tells whole seconds
		if len(keys) == 0 && len(d.Faults) == 0 {
			from = d.now
		}
		if _, _, err := create(d.path, alg, from); err != nil {
			return false, nil, err
		}
		made = true
	}
	for _, k := range keys {
		if k.Retired.IsZero() || d.now.Before(k.Retired.Add(keep)) {
			continue
		}
		if err := os.Remove(k.Path); err != nil {
			return made, removed, err
		}
		removed = append(removed, k)
	}
	return made, removed, errors.Join(syncDir(d.path), d.read())
}

// waits reports whether k is yet to sign.
func (d *KeyDirectory) waits(k KeyFile) bool { return !k.Signs && k.From.After(d.now) }

// Remove ends the key kid and all that it signed, in an emergency: services
// refuse its tokens as soon as they look at the directory. Where it is the one
// that signs, another does from now on: the next, which others know already, or
// else a new one. It returns the files that held the key. Afterwards d is up to
// date.
func (d *KeyDirectory) Remove(kid string) (removed []string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("jwttoken: remove key: %w", err)
		}
	}()
	i := slices.IndexFunc(d.Keys, func(k KeyFile) bool { return k.ID == kid })
	if i < 0 {
		return nil, fmt.Errorf("%s: no key with the kid %s", d.path, kid)
	}
	if d.Keys[i].Signs {
		if err := d.succeed(d.Keys[i].Alg); err != nil {
			return nil, err
		}
	}
	for _, f := range d.files {
		if f.key.id == kid {
			if err := os.Remove(f.path); err != nil {
				return removed, err
			}
			removed = append(removed, f.path)
		}
	}
	return removed, errors.Join(syncDir(d.path), d.read())
}

// succeed puts a key for alg in the place of the one that signs, in one step.
func (d *KeyDirectory) succeed(alg string) error {
	keys := d.Of(alg)
	i := slices.IndexFunc(keys, d.waits)
	if i < 0 {
		_, _, err := create(d.path, alg, d.now)
		return err
	}
	return os.Rename(keys[i].Path, filepath.Join(d.path, fileName(d.now, alg, keys[i].ID)))
}
