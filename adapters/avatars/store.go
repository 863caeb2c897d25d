package avatars

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AvatarStore = (*AvatarStore)(nil)

// AvatarStore implements ports.AvatarStore with a file for each picture, named as
// it is, in a directory named by the first two characters. Several processes may
// share the directory, over a network, too, if that keeps what is synced. Names
// differ where they differ in case: where the file system does not see that, two
// are still not taken for one, as they are too random for it.
type AvatarStore struct {
	dir  string
	root *os.Root // nothing outside of it can be reached
}

// NewAvatarStore returns the store in the directory that cfg names. It is of use
// between Open and Close; outside of it every method fails.
func NewAvatarStore(cfg config.Avatars) *AvatarStore { return &AvatarStore{dir: cfg.Dir} }

// Open makes the directory if there is none, for its owner alone.
func (s *AvatarStore) Open(context.Context) error {
	if err := os.MkdirAll(s.dir, private); err != nil {
		return fmt.Errorf("avatars: open: %w", err)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return fmt.Errorf("avatars: open: %w", err)
	}
	s.root = root
	return nil
}

// Close lets go of the directory. Closing twice is no error.
func (s *AvatarStore) Close(context.Context) error {
	if s.root == nil {
		return nil
	}
	return s.root.Close()
}

const (
	private = 0o700
	mode    = 0o600

	shardLength = 2

	// unfinished follows the owner in the name of a file that is being written. No
	// picture has it in its name.
	unfinished = ".new-"

	// tries is how often a picture is written whose unfinished file somebody removes.
	tries = 3
)

var (
	errName    = errors.New("it is no avatar's name")
	errNotOpen = errors.New("the store is not open")
)

// Put implements ports.AvatarStore. A DeleteAll of the same owner takes the
// unfinished file for one that was left behind; then it is written again.
func (s *AvatarStore) Put(ctx context.Context, name domain.AvatarName, picture []byte) error {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return fmt.Errorf("avatars: put: %w", errName)
	}
	err := s.ready(ctx)
	if err == nil {
		err = s.put(name, picture)
	}
	for range tries - 1 {
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		err = s.put(name, picture)
	}
	return unavailable("put", err)
}

// Get implements ports.AvatarStore.
func (s *AvatarStore) Get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return nil, fmt.Errorf("avatars: get: %w", domain.ErrNotFound)
	}
	if err := s.ready(ctx); err != nil {
		return nil, unavailable("get", err)
	}
	picture, err := s.root.ReadFile(path.Join(shardOf(name.Owner()), string(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("avatars: get: %w", domain.ErrNotFound)
	}
	return picture, unavailable("get", err)
}

// Delete implements ports.AvatarStore.
func (s *AvatarStore) Delete(ctx context.Context, name domain.AvatarName) error {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return nil // nothing was ever put under it
	}
	err := s.ready(ctx)
	if err == nil {
		err = s.remove(name.Owner(), func(file string) bool { return file == string(name) })
	}
	return unavailable("delete", err)
}

// DeleteAll implements ports.AvatarStore.
func (s *AvatarStore) DeleteAll(ctx context.Context, owner domain.AvatarOwner) error {
	if !named(owner) {
		return nil // nothing was ever put under it
	}
	err := s.ready(ctx)
	if err == nil {
		err = s.remove(owner, func(file string) bool { return strings.HasPrefix(file, string(owner)) })
	}
	return unavailable("delete all", err)
}
