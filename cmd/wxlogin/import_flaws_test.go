package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestFlawsAreListedInANewFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "flaws.csv")
	list, err := newFlawList(name)
	if err != nil {
		t.Fatal(err)
	}
	list.Flawed(7, "key", domain.FlawDuplicate)
	list.Flawed(9, "", domain.FlawNoOpenID)
	if err := list.Close(); err != nil {
		t.Fatal(err)
	}
	want := "record,key,flaw\n7,key,\"" + string(domain.FlawDuplicate) + "\"\n9,," + string(domain.FlawNoOpenID) + "\n"
	if got, err := os.ReadFile(name); string(got) != want || err != nil {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
	if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v, want one for the owner alone", info.Mode())
	}
	if _, err := newFlawList(name); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file that is there: got %v, want %v", err, fs.ErrExist)
	}
	if got, _ := os.ReadFile(name); string(got) != want {
		t.Errorf("a file that is there: got %q, want it as it was", got)
	}
}

func TestAListOfNoFlawLeavesNoFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "flaws.csv")
	list, err := newFlawList(name)
	if err := errors.Join(err, list.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no file", err)
	}
}

func TestAListThatCannotBeWrittenSaysSo(t *testing.T) {
	list, err := newFlawList(filepath.Join(t.TempDir(), "flaws.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_ = list.file.Close() // as a disk that is full
	list.Flawed(7, "key", domain.FlawDuplicate)
	list.flush()
	list.flush()
	if err := list.Close(); err == nil || !strings.Contains(err.Error(), "not complete") {
		t.Errorf("got %v, want it said", err)
	}
}

// A process that is killed closes nothing.
func TestFlawsAreInTheListBeforeItIsToldHowFarItIs(t *testing.T) {
	name := filepath.Join(t.TempDir(), "flaws.csv")
	list, err := newFlawList(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = list.Close() }()
	told := writer(func([]byte) {
		if got, _ := os.ReadFile(name); !strings.Contains(string(got), "key") {
			t.Errorf("when it was told: got the list %q, want the flaw in it", got)
		}
	})
	listener := importListener{newProgress(told, false), list}
	listener.Flawed(7, "key", domain.FlawDuplicate)
	listener.Progress(ports.ImportReport{Stored: lineEvery, After: "key"})
	importListener{newProgress(io.Discard, false), nil}.Progress(ports.ImportReport{}) // no list
}

type writer func([]byte)

func (w writer) Write(text []byte) (int, error) {
	w(text)
	return len(text), nil
}
