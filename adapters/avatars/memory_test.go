package avatars_test

import (
	"errors"
	"image"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/avatars"
	"wxlogin/domain"
)

// limit is what the whole process is to stay below, and program what of it is not
// the runtime's to count.
const (
	limit   = 256 << 20
	program = 10 << 20
)

// side is the longest that is taken.
const side = 4096

var (
	largest = image.Pt(side, side)
	phone   = image.Pt(4032, 3024)
)

func TestOrdinaryPicturesOfTheLargestSizeAreTaken(t *testing.T) {
	made(t, flatPNG(t, largest, 8, rgb, false))
	made(t, flatJPEG(baseline, largest, full, 1))
	tests := map[string][]byte{
		"JPEG of Adobe's": flatJPEG(baseline, largest, full, 1, adobe(1)), "gray JPEG": flatJPEG(baseline, largest, one, 1),
		"PNG with alpha": pngHead(largest, 8, rgba, false), "PNG with a palette": flatPNG(t, largest, 8, palette, true),
		"GIF": []byte("GIF89a\x00\x10\x00\x10\x00\x00\x00"), "lossless WebP": lossless(largest, 1, 2, 3, 255), "WebP of two colors": palettes(largest),
		"a phone's progressive JPEG": flatJPEG(progresses, phone, halved, 1),
	}
	for name, upload := range tests {
		if need, err := avatars.Need(upload); err != nil || need > avatars.Memory {
			t.Errorf("%s: got %d MiB and error %v, want at most %d MiB", name, need>>20, err, avatars.Memory>>20)
		}
	}
}

func TestPicturesThatTakeTooMuchMemoryAreRefused(t *testing.T) {
	tests := map[string][]byte{
		"PNG of 16 bits": pngHead(largest, 16, rgba, false), "interlaced PNG": pngHead(largest, 8, rgba, true),
		"CMYK": flatJPEG(baseline, largest, four, 1, adobe(0)), "progressive CMYK": flatJPEG(progresses, phone, four, 1, adobe(2)),
		"RGB": flatJPEG(baseline, largest, namedRGB, 1), "RGB of Adobe's": flatJPEG(baseline, largest, full, 1, adobe(0)),
		"progressive JPEG": flatJPEG(progresses, largest, halved, 1), "groups of codes": groups(2600),
	}
	for name, upload := range tests {
		if need, err := avatars.Need(upload); err != nil || need <= avatars.Memory {
			t.Errorf("%s: got %d MiB and error %v, want more than %d MiB", name, need>>20, err, avatars.Memory>>20)
		}
		wantInvalid(t, upload)
	}
}

func TestNoPictureTakesMoreThanIsReckoned(t *testing.T) {
	size := image.Pt(501, 377)
	tests := map[string][]byte{
		"JPEG": flatJPEG(baseline, size, full, 1), "halved JPEG": flatJPEG(baseline, size, halved, 1), "gray JPEG": flatJPEG(baseline, size, one, 1),
		"odd JPEG": flatJPEG(baseline, size, []channel{{1, 4, 2}, {2, 1, 1}, {3, 1, 1}}, 1), "gray JPEG of 4 by 4": flatJPEG(progresses, size, []channel{{1, 4, 4}}, 1),
		"progressive JPEG": flatJPEG(progresses, size, full, 2), "progressive CMYK": flatJPEG(progresses, size, four, 1, adobe(2)),
		"CMYK": flatJPEG(baseline, size, four, 1, adobe(0)), "RGB": flatJPEG(baseline, size, namedRGB, 1), "RGB of Adobe's": flatJPEG(baseline, size, full, 1, adobe(0)),
		"PNG": flatPNG(t, size, 8, rgb, false), "gray PNG": flatPNG(t, size, 1, gray, false), "PNG with alpha": flatPNG(t, size, 8, grayAlpha, true),
		"PNG of 16 bits": flatPNG(t, size, 16, rgb, false), "interlaced PNG of 16 bits": flatPNG(t, size, 16, rgba, true), "PNG with a palette": flatPNG(t, size, 4, palette, true),
		"GIF": gifFile(t, quarters(size.X, size.Y)), "lossless WebP": lossless(size, 1, 2, 3, 4), "WebP of two colors": palettes(size),
		"groups": groups(300), "many groups": groups(2600), "WebP with alpha": decoded(t, alphaPixel), "lossy WebP": decoded(t, lossyPixel),
	}
	for name, upload := range tests {
		t.Run(name, func(t *testing.T) {
			need, err := avatars.Need(upload)
			if err != nil {
				t.Fatalf("Need: got %v, want no error", err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := avatars.Decode(upload); err != nil {
				t.Errorf("Decode: got %v, want no error", err)
			}
			runtime.ReadMemStats(&after)
			const slack = 256 << 10 // decoders themselves, and whoever else is at work
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(need)+slack {
				t.Errorf("got %d bytes taken, want at most %d", took, need)
			}
		})
	}
}

// resident returns what the runtime holds of the machine's memory.
func resident() uint64 {
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(held)
	return held[0].Value.Uint64() - held[1].Value.Uint64()
}

// peak returns the most that is resident until the returned function is called.
func peak() func() uint64 {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		most := resident()
		each := time.NewTicker(time.Millisecond)
		defer each.Stop()
		for {
			select {
			case <-done:
				result <- max(most, resident())
				return
			case <-each.C:
				most = max(most, resident())
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

func TestFiftyOfTheWorstAtOnceStayBelowTheLimit(t *testing.T) {
	worst := [][]byte{
		flatPNG(t, largest, 8, rgba, false), flatJPEG(baseline, largest, full, 1), flatJPEG(progresses, phone, halved, 1),
		groups(1000), palettes(largest), flatPNG(t, image.Pt(3200, 3200), 8, rgba, true), flatPNG(t, image.Pt(3300, 3300), 16, rgba, false),
		flatPNG(t, image.Pt(1800, 1800), 8, rgba, false),
	}
	uploads := make([][]byte, 50)
	for i := range uploads {
		uploads[i] = append(make([]byte, 0, 2<<20), worst[i%len(worst)]...)[:2<<20]
	}
	debug.FreeOSMemory()
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as the service does
	maker, end := avatars.NewAvatarMaker(), peak()
	var madeOf atomic.Int64
	var all sync.WaitGroup
	for _, upload := range uploads {
		all.Go(func() {
			_, err := maker.MakeAvatar(t.Context(), upload)
			if err == nil {
				madeOf.Add(1)
			} else if !errors.Is(err, domain.ErrOverloaded) {
				t.Errorf("got %v, want an avatar or %v", err, domain.ErrOverloaded)
			}
		})
	}
	all.Wait()
	got := end()
	t.Logf("%d avatars with %d MiB", madeOf.Load(), got>>20)
	if madeOf.Load() == 0 || got > limit-program {
		t.Errorf("got %d avatars with %d MiB, want some with at most %d", madeOf.Load(), got>>20, (limit-program)>>20)
	}
}
