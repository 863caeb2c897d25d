package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/sealing"
	"wxlogin/config"
	"wxlogin/domain"
)

// PrepareKeys makes the keys that nobody gave to the service and that it may
// make itself, once: later starts, and parallel ones, find and use them. It
// returns cfg with the keys in it, and what it made, for the log.
func PrepareKeys(cfg config.Config) (config.Config, []string, error) {
	var made []string
	if cfg.Tokens.OwnKeys {
		path, fresh, err := jwttoken.EnsureKey(cfg.Tokens.KeysDir, cfg.Tokens.Alg)
		if err != nil {
			return cfg, nil, fmt.Errorf("no signing key is given in TOKEN_KEYS_DIR, and none can be made: %w", err)
		}
		if fresh {
			made = append(made, path)
		}
	}
	if cfg.Sealing.File != "" {
		key, fresh, err := sealingKey(cfg.Sealing.File)
		if err != nil {
			return cfg, nil, fmt.Errorf("no key is given in SEALING_KEYS, and none can be made: %w", err)
		}
		cfg.Sealing.Keys = []config.SealingKey{key}
		if fresh {
			made = append(made, cfg.Sealing.File)
		}
	}
	return cfg, made, nil
}

// FindKeys returns cfg with the sealing key that a service made itself, if there is
// one where it would be. It makes none.
func FindKeys(cfg config.Config) (config.Config, error) {
	if cfg.Sealing.File == "" {
		return cfg, nil
	}
	if _, err := os.Stat(cfg.Sealing.File); errors.Is(err, fs.ErrNotExist) {
		return cfg, nil
	}
	key, _, err := sealingKey(cfg.Sealing.File)
	if err != nil {
		return cfg, err
	}
	cfg.Sealing.Keys = []config.SealingKey{key}
	return cfg, nil
}

// sealingKey reads the key in path, which it makes if there is none.
func sealingKey(path string) (key config.SealingKey, fresh bool, err error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator's own directory
	if errors.Is(err, fs.ErrNotExist) {
		if fresh, err = makeSealingKey(path); err != nil {
			return config.SealingKey{}, false, err
		}
		text, err = os.ReadFile(path) //nolint:gosec // as above
	}
	if err != nil {
		return config.SealingKey{}, false, err
	}
	id, value, ok := strings.Cut(strings.TrimSpace(string(text)), ":")
	if !ok {
		return config.SealingKey{}, false, fmt.Errorf("%s is not of the form id:base64", path)
	}
	return config.SealingKey{ID: id, Key: domain.NewSecret(value)}, fresh, nil
}

// makeSealingKey writes a new key whole or not at all, and leaves one alone that
// another process was faster with.
func makeSealingKey(path string) (made bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	key, err := sealing.GenerateKey("k1")
	if err != nil {
		return false, err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".sealing-*")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = fmt.Fprintln(temp, key.Reveal())
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return false, err
	}
	err = os.Link(temp.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
