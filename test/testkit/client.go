package testkit

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Client talks to a service as a mini program's phone does.
type Client struct {
	Base string
	HTTP *http.Client
}

// NewClient makes a client that keeps up to 256 connections, closed with the
// test.
func NewClient(t testing.TB, base string) *Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{Base: base, HTTP: &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

// Answer is what came back.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Request *http.Request
	Err     error // the exchange itself failed
}

// Login is the part of a login's answer that tests look at.
type Login struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
	ExpiresIn    int    `json:"expiresIn"`
	NewUser      bool   `json:"newUser"`
	Session      struct {
		ID        string    `json:"id"`
		CreatedAt time.Time `json:"createdAt"`
		ExpiresAt time.Time `json:"expiresAt"`
	} `json:"session"`
	User struct {
		ID          string `json:"id"`
		Nickname    string `json:"nickname"`
		AvatarURL   string `json:"avatarUrl"`
		UnionLinked bool   `json:"unionLinked"`
	} `json:"user"`
	Warnings []struct {
		Code string `json:"code"`
	} `json:"warnings"`
}

// Header sets a header of a request.
type Header func(http.Header)

// With sets the header name.
func With(name, value string) Header { return func(h http.Header) { h.Set(name, value) } }

// Bearer presents an access token.
func Bearer(token string) Header { return With("Authorization", "Bearer "+token) }

// Basic presents the credentials of a service client.
func Basic(id, secret string) Header {
	pair := url.QueryEscape(id) + ":" + url.QueryEscape(secret) // RFC 6749, 2.3.1
	return With("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
}

// Post sends body as JSON, or no body where it is nil.
func (c *Client) Post(path string, body any, headers ...Header) Answer {
	if body == nil {
		return c.Send(http.MethodPost, path, "", headers...)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return Answer{Err: err}
	}
	return c.Send(http.MethodPost, path, string(text), append([]Header{With("Content-Type", "application/json")}, headers...)...)
}

// PostForm sends a form, as OAuth's clients do.
func (c *Client) PostForm(path string, form url.Values, headers ...Header) Answer {
	kind := With("Content-Type", "application/x-www-form-urlencoded")
	return c.Send(http.MethodPost, path, form.Encode(), append([]Header{kind}, headers...)...)
}

// Get asks for path, with the access token if there is one.
func (c *Client) Get(path, token string, headers ...Header) Answer {
	return c.Send(http.MethodGet, path, "", withToken(token, headers)...)
}

// Delete deletes what is at path, with the access token if there is one.
func (c *Client) Delete(path, token string, headers ...Header) Answer {
	return c.Send(http.MethodDelete, path, "", withToken(token, headers)...)
}

func withToken(token string, headers []Header) []Header {
	if token == "" {
		return headers
	}
	return append([]Header{Bearer(token)}, headers...)
}

// Send sends a request as it is given, without a body where that is empty. Of two
// headers of one name the later counts.
func (c *Client) Send(method, path, body string, headers ...Header) Answer {
	req, err := http.NewRequest(method, c.Base+path, strings.NewReader(body))
	if err != nil {
		return Answer{Err: err}
	}
	for _, set := range headers {
		set(req.Header)
	}
	return c.do(req)
}

func (c *Client) do(req *http.Request) Answer {
	res, err := c.HTTP.Do(req)
	if err != nil {
		return Answer{Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, body, req, err}
}

// Code returns the problem code of an answer, "" where it has none.
func (a Answer) Code() string {
	var problem struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(a.Body, &problem) != nil {
		return ""
	}
	return problem.Code
}

// Login decodes a login that must have succeeded.
func (a Answer) Login(t testing.TB) Login {
	t.Helper()
	var l Login
	if a.Err != nil || a.Status != http.StatusOK {
		t.Fatalf("login: got %d %s %v, want 200", a.Status, a.Body, a.Err)
	}
	if err := json.Unmarshal(a.Body, &l); err != nil {
		t.Fatal(err)
	}
	return l
}
