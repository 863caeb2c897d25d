package jwttoken

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// GenerateKey makes a private key for alg (ES256, EdDSA, RS256 or HS256) in dir,
// which it makes too if there is none, and returns the file and the key's "kid".
// The key signs from the given second on, unless one that begins later does: the
// file's name says so. Only the owner can read the file, who is the directory's
// where root makes it; it is there whole or not at all, survives a loss of power,
// and replaces no other.
func GenerateKey(dir, alg string, from time.Time) (path, kid string, err error) {
	if path, kid, err = create(dir, alg, from); err != nil {
		return "", "", fmt.Errorf("jwttoken: generate key: %w", err)
	}
	return path, kid, nil
}

func create(dir, alg string, from time.Time) (path, kid string, err error) {
	k, text, err := generate(alg)
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, fileName(from, alg, k.id))
	return path, k.id, write(path, text)
}

func fileName(from time.Time, alg, kid string) string {
	return fmt.Sprintf("%s-%s-%.8s.pem", from.UTC().Format(nameTime), alg, kid)
}

// EnsureKey makes the first key for alg in dir, where there is none, and reports
// whether it did. Of parallel calls one makes it and all return the same path. By
// its name it always could sign, so that every key of GenerateKey takes over.
func EnsureKey(dir, alg string) (path string, made bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false, fmt.Errorf("jwttoken: ensure key: %w", err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "-"+alg) && filepath.Ext(e.Name()) == ".pem" {
			return filepath.Join(dir, e.Name()), false, nil
		}
	}
	_, text, err := generate(alg)
	if err != nil {
		return "", false, fmt.Errorf("jwttoken: ensure key: %w", err)
	}
	path = filepath.Join(dir, "00000000T000000Z-"+alg+"-first.pem")
	err = write(path, text)
	if errors.Is(err, fs.ErrExist) {
		return path, false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("jwttoken: ensure key: %w", err)
	}
	return path, true, nil
}

func generate(alg string) (*key, []byte, error) {
	create, ok := newPrivate[alg]
	if !ok {
		return nil, nil, fmt.Errorf("%q is none of ES256, EdDSA, RS256, HS256", alg)
	}
	private, err := create()
	if err != nil {
		return nil, nil, err
	}
	block := &pem.Block{Type: hmacBlock}
	if secret, ok := private.([]byte); ok {
		block.Bytes = secret
	} else if block.Bytes, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
		return nil, nil, err
	} else {
		block.Type = pkcs8Block
	}
	k, err := newKey(private)
	return k, pem.EncodeToMemory(block), err
}

func write(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(text)
	if err := errors.Join(err, handOver(temp, dir), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil { // fails where the name is taken
		return err
	}
	return syncDir(dir)
}

// syncDir makes a new name in dir durable, where the system lets one.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir) //nolint:gosec // the operator's own directory
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
