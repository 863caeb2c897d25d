package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"

	"wxlogin/domain"
	"wxlogin/ports"
)

// importListener implements ports.ImportListener.
type importListener struct {
	*progress
	*flawList
}

// Progress tells after what was wrong is in the list: whoever goes on from what it
// tells reads those records no more.
func (l importListener) Progress(r ports.ImportReport) {
	l.flush()
	l.progress.Progress(r)
}

// flawList is every flaw of every record, as CSV. It names records by their keys:
// no openid and no other thing of a person is in it. A nil list lists nothing.
type flawList struct {
	file   *os.File
	rows   *csv.Writer
	listed bool
}

// newFlawList makes the list in a new file of the name; "": nowhere. A file that is
// there already it leaves as it is.
func newFlawList(name string) (*flawList, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the name is the operator's
	if err != nil {
		return nil, err
	}
	l := &flawList{file: file, rows: csv.NewWriter(file)}
	return l, l.rows.Write([]string{"record", "key", "flaw"})
}

// Flawed is half of ports.ImportListener. What cannot be written is said
// at the end.
func (l *flawList) Flawed(record int, key string, flaw domain.Flaw) {
	if l != nil {
		l.listed = true
		_ = l.rows.Write([]string{strconv.Itoa(record), key, string(flaw)})
	}
}

// flush has all that was listed so far outlive this process.
func (l *flawList) flush() {
	if l != nil {
		l.rows.Flush()
	}
}

// Close returns what could not be written. Of a list of nothing no file is left, so
// that an import which could not begin may begin again.
func (l *flawList) Close() error {
	if l == nil {
		return nil
	}
	l.flush()
	err := errors.Join(l.rows.Error(), l.file.Close())
	if !l.listed {
		err = errors.Join(err, os.Remove(l.file.Name()))
	}
	if err != nil {
		return fmt.Errorf("the list of flaws is not complete: %w", err)
	}
	return nil
}
