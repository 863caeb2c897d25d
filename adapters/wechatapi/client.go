package wechatapi

import (
	"bytes"
	"context"
	"crypto/tls"
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

// send makes the request and returns the body of the answer, whatever its media
// type says: code2Session calls its JSON text/plain. What goes wrong is
// ErrPlatformUnavailable. sent tells whether WeChat may have seen the request.
func (p *Platform) send(ctx context.Context, c call) (body []byte, sent bool, err error) {
	req, err := c.request(ctx, p.base)
	if err != nil {
		return nil, false, unavailable(cause(err))
	}
	req, begun := sendOnce(req)
	res, err := p.client.Do(req)
	if err != nil {
		return nil, begun.Load(), unavailable(cause(err))
	}
	defer func() { _ = res.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		err = unavailable(cause(err))
	case res.StatusCode != http.StatusOK:
		err = unavailable(fmt.Errorf("answer has status %d", res.StatusCode))
	case len(body) > maxAnswer:
		err = unavailable(errors.New("answer is too long"))
	}
	return body, true, err
}

func (c call) request(ctx context.Context, base string) (*http.Request, error) {
	target := base + c.to.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	if c.body == nil {
		return http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(c.body))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

// sendOnce keeps the transport from repeating a request by itself once a byte of
// it was written, as it does with a GET when a kept connection breaks: WeChat may
// have seen the code by then. The request has a body that can be had again only
// before. That of a GET is empty, and it says "identity" so that the transport
// need not try, beside the request, whether there is a body; nothing of either is
// sent. begun tells whether a byte was written.
func sendOnce(req *http.Request) (once *http.Request, begun *atomic.Bool) {
	begun = new(atomic.Bool)
	again := req.GetBody
	if again == nil {
		again = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
		req.TransferEncoding = []string{"identity"}
		req.Body, _ = again()
	}
	req.GetBody = func() (io.ReadCloser, error) {
		if begun.Load() {
			return nil, errGarbled
		}
		return again()
	}
	trace := &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { begun.Store(true) }}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace)), begun
}

func unavailable(err error) error {
	return fmt.Errorf("%w: %w", domain.ErrPlatformUnavailable, err)
}

// errGarbled stands for every failure whose text might quote what went over the
// wire: the transport's own errors hold the first line of an answer that is not
// HTTP, or a header that it could not read.
var errGarbled = errors.New("connection broken, or answer is not HTTP")

// cause returns what is safe to tell of why a request failed: never its URL,
// which carries the AppSecret and the code or the access_token, and nothing of the
// answer.
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
