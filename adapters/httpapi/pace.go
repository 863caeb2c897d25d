package httpapi

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// A phone may be on a slow line, which stalls at times; but who keeps a seat has
	// to send for it. An upload may be late by uploadSlack behind one of uploadRate
	// bytes a second.
	uploadSlack = 5 * time.Second
	uploadRate  = 12 << 10

	readUpload     = 30 * time.Second // however fast it comes
	uploadDeadline = 45 * time.Second
)

// pacedBody is the body of an upload, which ends with an error where it falls
// behind. Where the server sets no deadlines, the upload has the time of any other
// request.
type pacedBody struct {
	io.ReadCloser

	control *http.ResponseController
	start   time.Time
	earned  time.Duration // by the bytes that came
}

// paceBody replaces the body of a request, and gives its answer the time of an
// upload.
func paceBody(c echo.Context) {
	r := c.Request()
	b := &pacedBody{ReadCloser: r.Body, control: http.NewResponseController(c.Response()), start: time.Now()}
	_ = b.control.SetWriteDeadline(b.start.Add(uploadDeadline + 5*time.Second))
	b.await()
	r.Body = b
}

// Read waits for more until what came before is too old.
func (b *pacedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.earned += time.Duration(n) * time.Second / uploadRate
	if err == nil { // after the end, net/http waits without a deadline for the client to leave
		b.await()
	}
	return n, err
}

// await says until when the next bytes have to come.
func (b *pacedBody) await() {
	_ = b.control.SetReadDeadline(b.start.Add(min(uploadSlack+b.earned, readUpload)))
}
