package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"sync"
	"testing"
)

// peak returns the most memory that a process ever had in use, in MiB.
func (p *process) peak(t *testing.T) float64 {
	t.Helper()
	return p.status(t, "VmHWM")
}

const twoMiB = 2 << 20

// full is a picture file with something behind it, so that it has the most bytes
// that are taken.
func full(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil || b.Len() > twoMiB {
		t.Fatalf("%d bytes, %v", b.Len(), err)
	}
	return append(b.Bytes(), make([]byte, twoMiB-b.Len())...)
}

func TestFiftyUploadsAtOnceStayBelow256MiB(t *testing.T) { // T-17, I-05
	if testing.Short() {
		t.Skip("it decodes 50 pictures of 16 million pixels")
	}
	w := inWorld(t, nil)
	large := image.NewNRGBA(image.Rect(0, 0, 4096, 4096))
	for i := range large.Pix {
		large.Pix[i] = byte(i >> 12)
	}
	files := [][]byte{
		full(t, func(b *bytes.Buffer) error { return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(b, large) }),
		full(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, large, &jpeg.Options{Quality: 20}) }),
	}
	tokens := make([]string, 50)
	for i := range tokens {
		tokens[i] = w.login(t, fmt.Sprint("person-", i)).AccessToken
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for i, token := range tokens {
		all.Go(func() {
			a := w.Upload("/v1/me/avatar", token, files[i%len(files)])
			mu.Lock()
			defer mu.Unlock()
			if answers[a.Status]++; a.Err != nil || a.Status != http.StatusOK && a.Code() != "overloaded" {
				t.Errorf("got %d %s %v, want it taken, or told to come again", a.Status, a.Body, a.Err)
			}
		})
	}
	all.Wait()
	peak := w.peak(t)
	t.Logf("peak: %.0f MiB, answers by status: %v", peak, answers)
	if answers[http.StatusOK] == 0 || peak >= 256 {
		t.Errorf("got %v and a peak of %.0f MiB, want pictures and less than 256", answers, peak)
	}
}
