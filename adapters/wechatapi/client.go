package wechatapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"wxlogin/domain"
)

// maxAnswer is the longest body that is read. Good answers are below 1 KiB.
const maxAnswer = 64 << 10

// newHTTPClient makes a client for one host: it follows no redirect, asks no
// proxy, speaks HTTP/1.1 (the transport repeats HTTP/2 requests on its own), and
// leaves the deadline to the caller's context.
func newHTTPClient(connections int) *http.Client {
	dialer := &net.Dialer{Timeout: time.Second}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: 2 * time.Second,
			TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
			MaxIdleConnsPerHost: connections,
			IdleConnTimeout:     30 * time.Second,
			DisableCompression:  true,

			MaxResponseHeaderBytes: maxAnswer,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get fetches path and decodes the answer, whatever its media type says: this
// endpoint calls its JSON text/plain. What goes wrong is ErrPlatformUnavailable.
func (x *CodeExchanger) get(ctx context.Context, path string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, x.base+path, nil)
	if err != nil {
		return unavailable(cause(err))
	}
	res, err := x.client.Do(sendOnce(req))
	if err != nil {
		return unavailable(cause(err))
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return unavailable(cause(err))
	case res.StatusCode != http.StatusOK:
		return unavailable(fmt.Errorf("answer has status %d", res.StatusCode))
	case len(body) > maxAnswer:
		return unavailable(errors.New("answer is too long"))
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return unavailable(errors.New("answer is not the JSON expected")) // err may quote it
	}
	return nil
}

// sendOnce keeps the transport from repeating a GET by itself once a byte of it
// was written, as it does when a kept connection breaks: WeChat may have seen the
// code by then. The request has an empty body that can be had again only before.
// It says "identity" so that the transport need not try, beside the request,
// whether there is a body; nothing of either is sent.
func sendOnce(req *http.Request) *http.Request {
	var begun atomic.Bool
	empty := func() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }
	req.TransferEncoding = []string{"identity"}
	req.Body = empty()
	req.GetBody = func() (io.ReadCloser, error) {
		if begun.Load() {
			return nil, errGarbled
		}
		return empty(), nil
	}
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { begun.Store(true) }}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

func unavailable(err error) error {
	return fmt.Errorf("%w: %w", domain.ErrPlatformUnavailable, err)
}

// errGarbled stands for every failure whose text might quote what went over the
// wire: the transport's own errors hold the first line of an answer that is not
// HTTP, or a header that it could not read.
var errGarbled = errors.New("connection broken, or answer is not HTTP")

// cause returns what is safe to tell of why a request failed: never its URL,
// which carries the AppSecret and the code, and nothing of the answer.
func cause(err error) error {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.As(err, &network):
		return network
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &timeout) && timeout.Timeout():
		return context.DeadlineExceeded
	}
	return errGarbled
}
