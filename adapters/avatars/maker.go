// Package avatars makes avatars of the pictures that people upload, and keeps them
// in a directory. What is uploaded is never kept, nor served: every avatar is
// decoded and encoded anew, so that nothing but its pixels is left of a file.
package avatars

import (
	"context"
	"fmt"
	"image"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AvatarMaker = (*AvatarMaker)(nil)

const (
	atOnce   = 2
	patience = 3 * time.Second

	// memory is for all that is decoded at a time. With it, fifty uploads of 2 MiB
	// and the rest of the service stay below 256 MiB. All of 4096 by 4096 pixels fit
	// that have 8 bits a channel and are of the ordinary kinds, and progressive JPEGs
	// of 12 million pixels. A picture that alone takes more is refused: among those
	// of 4096 by 4096 that is one of 16 bits a channel, an interlaced PNG, a
	// progressive JPEG, one in CMYK.
	memory = 104 << 20

	// garbage is how much of it may be left behind uncollected.
	garbage = 8 << 20
)

// AvatarMaker implements ports.AvatarMaker.
type AvatarMaker struct {
	turns  *semaphore.Weighted
	memory *semaphore.Weighted
	left   atomic.Int64 // garbage that was made since it was last collected
	decode func(f format, upload []byte) (image.Image, error)
}

// NewAvatarMaker returns a maker. What it may decode at a time is counted by maker:
// a process has one.
func NewAvatarMaker() *AvatarMaker {
	return &AvatarMaker{
		turns:  semaphore.NewWeighted(atOnce),
		memory: semaphore.NewWeighted(memory),
		decode: format.decoded,
	}
}

// MakeAvatar implements ports.AvatarMaker. A caller who has gone gets
// domain.ErrOverloaded as well.
func (m *AvatarMaker) MakeAvatar(ctx context.Context, upload []byte) (avatar []byte, err error) {
	defer func() {
		if fault := recover(); fault != nil { // a decoder's: what can be wrong with a file is without end
			avatar, err = nil, invalid(fmt.Errorf("panic: %v", fault))
		}
	}()
	f, size, err := look(upload)
	if err != nil {
		return nil, invalid(err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.turns.Acquire(ctx, 1); err != nil {
		return nil, overloaded(err)
	}
	defer m.turns.Release(1)
	need, err := f.need(upload, size)
	if err != nil {
		return nil, invalid(err)
	}
	if need += drawing; need > memory {
		return nil, invalid(fmt.Errorf("it takes %d MiB to decode", need>>20))
	}
	if err := m.memory.Acquire(ctx, need); err != nil {
		return nil, overloaded(err)
	}
	defer m.memory.Release(need)
	defer m.tidy(need + int64(len(upload)))
	return m.make(f, upload)
}

func (m *AvatarMaker) make(f format, upload []byte) ([]byte, error) {
	picture, err := m.decode(f, upload)
	if err != nil {
		return nil, invalid(err)
	}
	if picture.Bounds().Empty() {
		return nil, invalid(errEmpty)
	}
	avatar, err := encoded(upright(square(picture), f.orientation(upload)))
	if err != nil {
		return nil, fmt.Errorf("avatars: make avatar: %w", err)
	}
	return avatar, nil
}

// tidy has what was used collected and given back to the system, before others may
// use as much. Left alone, the collector comes when the heap is several times what
// was in use of it, a decoded picture included: pictures that nobody needs any more
// would lie beside those that are decoded. Little of it may, as each collection
// looks at the whole heap.
func (m *AvatarMaker) tidy(used int64) {
	if m.left.Add(used) < garbage {
		return
	}
	m.left.Store(0)
	debug.FreeOSMemory()
}

func invalid(cause error) error {
	return fmt.Errorf("avatars: make avatar: %w: %w", domain.ErrAvatarInvalid, cause)
}

func overloaded(cause error) error {
	return fmt.Errorf("avatars: make avatar: %w: %w", domain.ErrOverloaded, cause)
}
