package jwttoken

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// keySet is the keys of a directory at one moment. It does not change.
type keySet struct {
	files    []keyFile // of every key, by name
	byID     map[string]*key
	signers  []keyFile // those for the algorithm, in the order in which they sign
	jwks     []byte
	warnings []string
}

// newKeySet makes a set of the files that hold good keys, and tells what is wrong
// with the others. A file of former's that has become unfit, but is still there,
// keeps the key that it had: only removing a file ends a key.
func newKeySet(files []keyFile, alg string, former *keySet) (*keySet, []error) {
	set := &keySet{byID: map[string]*key{}}
	var faults []error
	for _, f := range files {
		if f.err == nil {
			if f.warning != "" {
				set.warnings = append(set.warnings, f.warning)
			}
			faults = append(faults, set.add(f, former))
		}
	}
	for _, f := range files {
		if f.err != nil {
			faults = append(faults, set.keep(f, former))
		}
	}
	slices.SortFunc(set.files, func(a, b keyFile) int { return strings.Compare(a.path, b.path) })
	for _, f := range set.files {
		if f.key.method.Alg() == alg {
			set.signers = append(set.signers, f)
		}
	}
	inOrderOfSigning(set.signers)
	var err error
	if set.jwks, err = document(set.files); err != nil {
		faults = append(faults, err)
	}
	return set, slices.DeleteFunc(faults, func(err error) bool { return err == nil })
}

// add puts f's key into the set. A key that former has already stays the same
// one, so that whoever remembers it knows it again.
func (s *keySet) add(f keyFile, former *keySet) error {
	if s.byID[f.key.id] != nil {
		i := slices.IndexFunc(s.files, func(other keyFile) bool { return other.key.id == f.key.id })
		return fmt.Errorf("%s: is the key of %s again", f.path, s.files[i].path)
	}
	if known := former.byID[f.key.id]; known != nil {
		f.key = known
	}
	s.byID[f.key.id] = f.key
	s.files = append(s.files, f)
	return nil
}

// keep puts the key that former read from f into the set, unless f is a link to
// nothing, and returns what is wrong with f.
func (s *keySet) keep(f keyFile, former *keySet) error {
	i := slices.IndexFunc(former.files, func(old keyFile) bool { return old.path == f.path })
	if i < 0 || errors.Is(f.err, fs.ErrNotExist) {
		return f.err
	}
	if old := former.files[i]; s.byID[old.key.id] == nil {
		s.byID[old.key.id] = old.key
		s.files = append(s.files, old)
	}
	return fmt.Errorf("%w (the key that was in it stays in use until the file is mended or removed)", f.err)
}

// signer returns the key that signs at now.
func (s *keySet) signer(now time.Time) *key { return s.signers[signing(s.signers, now)].key }

// signing returns the place in files, which are in the order of signing, of the
// key that signs at now; -1 where there is none.
func signing(files []keyFile, now time.Time) int {
	for i, f := range slices.Backward(files) {
		if i == 0 || !f.from.After(now) {
			return i
		}
	}
	return -1
}

// inOrderOfSigning sorts files, which are of one algorithm.
func inOrderOfSigning(files []keyFile) {
	slices.SortFunc(files, func(a, b keyFile) int {
		if c := a.from.Compare(b.from); c != 0 {
			return c
		}
		return strings.Compare(a.path, b.path)
	})
}

func (s *keySet) ids() []string {
	ids := make([]string, 0, len(s.files))
	for _, f := range s.files {
		ids = append(ids, f.key.id)
	}
	return ids
}
