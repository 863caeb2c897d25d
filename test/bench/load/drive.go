package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// drive logs people in, with as many connections as o says, and returns how long
// each login took. It ends at the first login that fails.
func (w *world) drive(ctx context.Context, address string, logins int, o options) ([]time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	transport := &http.Transport{MaxIdleConnsPerHost: o.phones}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	took := make([]time.Duration, logins)
	var next atomic.Int64
	var phones sync.WaitGroup
	for range o.phones {
		phones.Go(func() {
			for n := int(next.Add(1)) - 1; n < logins && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				var err error
				if took[n], err = w.login(ctx, client, address, n%o.people); err != nil {
					cancel(err)
				}
			}
		})
	}
	phones.Wait()
	return took, context.Cause(ctx)
}

// login logs person in as the SDK does, with a device. It comes through a proxy
// that both servers are told of, from an address of the person's own, so that
// wxlogin's rate limits are asked and have room.
func (w *world) login(ctx context.Context, client *http.Client, address string, person int) (time.Duration, error) {
	code, err := w.wechat.Code("", "p"+strconv.Itoa(person))
	if err != nil {
		return 0, err
	}
	body := fmt.Appendf(nil, `{"code":%q,"device":{"id":"device-%08d","name":"iPhone 15 Pro","platform":"ios"}}`, code, person)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/v1/login", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", person>>16&255, person>>8&255, person&255))
	start := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	answer, err := io.ReadAll(res.Body)
	took := time.Since(start)
	if res.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("login: got %d %s, want 200", res.StatusCode, answer))
	}
	return took, errors.Join(err, res.Body.Close())
}
