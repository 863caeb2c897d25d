package avatars

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"

	"wxlogin/domain"
)

func (s *AvatarStore) put(name domain.AvatarName, picture []byte) error {
	shard := shardOf(name.Owner())
	if err := s.root.MkdirAll(shard, private); err != nil {
		return err
	}
	temporary := path.Join(shard, string(name.Owner())+unfinished+rand.Text())
	err := s.write(temporary, picture)
	if err == nil {
		err = s.root.Rename(temporary, path.Join(shard, string(name)))
	}
	if err != nil {
		_ = s.root.Remove(temporary) // else DeleteAll does it
		return err
	}
	return errors.Join(s.sync(shard), s.sync("."))
}

func (s *AvatarStore) write(file string, picture []byte) error {
	f, err := s.root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(picture)
	return errors.Join(err, f.Sync(), f.Close())
}

// remove removes those of owner's files that go.
func (s *AvatarStore) remove(owner domain.AvatarOwner, goes func(file string) bool) error {
	shard := shardOf(owner)
	files, err := fs.ReadDir(s.root.FS(), shard)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	removed := false
	for _, file := range files {
		if name := file.Name(); goes(name) {
			if err := s.root.Remove(path.Join(shard, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			removed = true
		}
	}
	if !removed {
		return nil
	}
	return s.sync(shard)
}

// sync makes durable which files are in dir, where the system lets one.
func (s *AvatarStore) sync(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s *AvatarStore) ready(ctx context.Context) error {
	if s.root == nil {
		return errNotOpen
	}
	return ctx.Err()
}

func shardOf(owner domain.AvatarOwner) string { return string(owner[:shardLength]) }

// named reports whether names of avatars can begin with owner.
func named(owner domain.AvatarOwner) bool {
	const random = 43 // characters that follow it
	_, ok := domain.ParseAvatarName(string(owner) + strings.Repeat("-", random))
	return ok
}

// unavailable says that the disk did not do what was asked, and why, but not the
// file: who knows its name may see the picture.
func unavailable(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("avatars: %s: %w: %w", what, domain.ErrStoreUnavailable, withoutPath(err))
}

func withoutPath(err error) error {
	var file *fs.PathError
	var rename *os.LinkError
	switch {
	case errors.As(err, &file):
		return file.Err
	case errors.As(err, &rename):
		return rename.Err
	}
	return err
}
