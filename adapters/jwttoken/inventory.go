package jwttoken

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// KeyFile is a key in a directory, as an operator sees it.
type KeyFile struct {
	Path, ID, Alg string
	Signs         bool      // for its algorithm, at the moment
	From          time.Time // when its turn comes or came; zero: it was always there
	Retired       time.Time // when another took over; zero: none has
}

// KeyDirectory is what a directory of keys holds at one moment, for an operator
// to look at and change while services use it. Files that hold no key to trust
// are faults: nothing touches them.
type KeyDirectory struct {
	Keys   []KeyFile // by algorithm, in the order in which they sign
	Faults []error

	path  string
	now   time.Time
	files []keyFile // of every key, those that are there twice included
}

// ReadKeyDirectory reads the directory path as it is, and says whose turn it is
// at now.
func ReadKeyDirectory(path string, now time.Time) (*KeyDirectory, error) {
	d := &KeyDirectory{path: path, now: now.UTC()}
	if err := d.read(); err != nil {
		return nil, fmt.Errorf("jwttoken: read keys: %w", err)
	}
	return d, nil
}

func (d *KeyDirectory) read() error {
	found, err := list(d.path)
	if err != nil {
		return err
	}
	files := found.keys()
	set, faults := newKeySet(files, "", &keySet{})
	of := map[string][]keyFile{}
	for _, f := range set.files {
		of[f.key.method.Alg()] = append(of[f.key.method.Alg()], f)
	}
	d.Keys = nil
	for _, group := range of {
		d.Keys = append(d.Keys, d.describe(group)...)
	}
	slices.SortStableFunc(d.Keys, func(a, b KeyFile) int { return strings.Compare(a.Alg, b.Alg) })
	d.Faults = faults
	d.files = slices.DeleteFunc(files, func(f keyFile) bool { return f.err != nil })
	return nil
}

// describe sorts files, which are of one algorithm, and says what each is for.
func (d *KeyDirectory) describe(files []keyFile) []KeyFile {
	inOrderOfSigning(files)
	signs := signing(files, d.now)
	described := make([]KeyFile, 0, len(files))
	for i, f := range files {
		k := KeyFile{Path: f.path, ID: f.key.id, Alg: f.key.method.Alg(), Signs: i == signs, From: f.from}
		if i < signs {
			k.Retired = takenOver(files[i+1 : signs+1])
		}
		described = append(described, k)
	}
	return described
}

// takenOver returns when the first of successors began to sign: at its time, or
// when it came into the directory, should that have been later.
func takenOver(successors []keyFile) (first time.Time) {
	for _, f := range successors {
		began := f.from
		if f.changed.After(began) {
			began = f.changed.UTC()
		}
		if first.IsZero() || began.Before(first) {
			first = began
		}
	}
	return first
}

// Of returns the keys for alg, in the order in which they sign.
func (d *KeyDirectory) Of(alg string) []KeyFile {
	return slices.DeleteFunc(slices.Clone(d.Keys), func(k KeyFile) bool { return k.Alg != alg })
}
