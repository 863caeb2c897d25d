package avatars_test

import (
	"context"
	"image"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/avatars"
	"wxlogin/domain"
)

func TestNoMoreThanTwoAreDecodedAtOnce(t *testing.T) {
	maker := avatars.NewAvatarMaker()
	var now, most atomic.Int64
	both := make(chan struct{})
	var once sync.Once
	maker.Watch(func(original func() (image.Image, error)) (image.Image, error) {
		n := now.Add(1)
		defer now.Add(-1)
		if most.Store(max(most.Load(), n)); n == 2 {
			once.Do(func() { close(both) })
		}
		<-both // the first waits for a second
		return original()
	})
	upload := jpegFile(t, quarters(64, 64))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := maker.MakeAvatar(t.Context(), upload); err != nil {
				t.Errorf("got %v, want no error", err)
			}
		})
	}
	all.Wait()
	if most.Load() != 2 {
		t.Errorf("got %d at once, want 2", most.Load())
	}
}

func TestWhoWaitsTooLongOrLeavesIsToldOfOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		maker := avatars.NewAvatarMaker()
		upload, busy, end := jpegFile(t, quarters(64, 64)), make(chan struct{}), make(chan struct{})
		maker.Watch(func(original func() (image.Image, error)) (image.Image, error) {
			busy <- struct{}{}
			<-end
			return original()
		})
		var all sync.WaitGroup
		defer all.Wait()
		defer close(end)
		for range 2 {
			all.Go(func() { _, _ = maker.MakeAvatar(t.Context(), upload) })
			<-busy
		}
		left, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := maker.MakeAvatar(left, upload)
		wantCode(t, err, domain.ErrOverloaded)
		began := time.Now()
		_, err = maker.MakeAvatar(t.Context(), upload)
		wantCode(t, err, domain.ErrOverloaded)
		if waited := time.Since(began); waited < time.Second || waited > 5*time.Second {
			t.Errorf("got %v waited, want a few seconds", waited)
		}
		wantInvalid(t, []byte("what is no picture has nothing to wait for"))
	})
}
