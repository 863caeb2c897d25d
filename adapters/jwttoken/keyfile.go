package jwttoken

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

const (
	// maxKeyFile is far more than the largest sensible RSA key takes.
	maxKeyFile = 64 << 10

	// nameTime is what a key file's name begins with: when the key begins to sign.
	nameTime = "20060102T150405Z"
)

// keyFile is a file that should hold a key.
type keyFile struct {
	path    string
	from    time.Time // when it begins to sign; zero: it always could
	changed time.Time
	key     *key // nil: err says why
	warning string
	err     error
}

// listing is what is in a directory, read and not yet understood.
type listing struct {
	files []keyFile
	texts [][]byte // of files
	// sum is the same for the same files with the same content. Neither a file's
	// size nor its time need differ where its key was replaced.
	sum [sha256.Size]byte
}

// list reads every *.pem in dir, by name. The error is the directory's; what is
// wrong with a file is in it.
func list(dir string) (listing, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return listing{sum: sha256.Sum256([]byte(err.Error()))}, err
	}
	var l listing
	h := sha256.New()
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".pem" {
			continue
		}
		f := keyFile{path: filepath.Join(dir, entry.Name()), from: beginning(entry.Name())}
		text := f.read()
		if errors.Is(f.err, fs.ErrNotExist) && !isLink(f.path) { // gone since dir was listed
			continue
		}
		_, _ = fmt.Fprintf(h, "%q %q %v %q\n", f.path, f.warning, f.err, text) // never fails
		l.files, l.texts = append(l.files, f), append(l.texts, text)
	}
	h.Sum(l.sum[:0])
	return l, nil
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// beginning returns the time at the beginning of a file's name; zero if there is
// none.
func beginning(name string) time.Time {
	from, err := time.Parse(nameTime, name[:min(len(name), len(nameTime))])
	if err != nil {
		return time.Time{}
	}
	return from
}

// read returns what is in the file, if it can be trusted.
func (f *keyFile) read() (text []byte) {
	info, err := os.Stat(f.path) // of what a mounted secret's link points at
	if err != nil {
		f.err = err
		return nil
	}
	f.changed = info.ModTime()
	if err := f.inspect(info); err != nil {
		f.err = fmt.Errorf("%s: %w", f.path, err)
		return nil
	}
	text, f.err = os.ReadFile(f.path)
	return text
}

// inspect refuses a file that cannot be trusted, and notes one that others read.
func (f *keyFile) inspect(info fs.FileInfo) error {
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
		f.warning = f.path + " can be read by everybody on this machine: chmod 600"
	}
	return nil
}

// keys takes the keys out of the files that can be trusted.
func (l listing) keys() []keyFile {
	for i := range l.files {
		f := &l.files[i]
		if f.err != nil {
			continue
		}
		if f.key, f.err = parseKey(l.texts[i]); f.err != nil {
			f.err = fmt.Errorf("%s: %w", f.path, f.err)
		}
	}
	return l.files
}
