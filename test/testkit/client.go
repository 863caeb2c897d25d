package testkit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
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
	Restored     bool   `json:"restored"`
	Session      struct {
		ID        string    `json:"id"`
		CreatedAt time.Time `json:"createdAt"`
		ExpiresAt time.Time `json:"expiresAt"`
	} `json:"session"`
	User     User `json:"user"`
	Warnings []struct {
		Code string `json:"code"`
	} `json:"warnings"`
}

// User is the part of a user's account that tests look at.
type User struct {
	ID          string `json:"id"`
	Nickname    string `json:"nickname"`
	AvatarURL   string `json:"avatarUrl"`
	Phone       string `json:"phone"`
	UnionLinked bool   `json:"unionLinked"`
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
	return c.SendJSON(http.MethodPost, path, body, headers...)
}

// SendJSON sends body as JSON by any method.
func (c *Client) SendJSON(method, path string, body any, headers ...Header) Answer {
	text, err := json.Marshal(body)
	if err != nil {
		return Answer{Err: err}
	}
	return c.Send(method, path, string(text), append([]Header{With("Content-Type", "application/json")}, headers...)...)
}

// Put replaces what is at path by body, with the access token.
func (c *Client) Put(path, token string, body any) Answer {
	return c.SendJSON(http.MethodPut, path, body, Bearer(token))
}

// Upload sends a file as wx.uploadFile does.
func (c *Client) Upload(path, token string, file []byte) Answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "tmp_0123456789.jpg")
	if err == nil {
		_, err = part.Write(file)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		return Answer{Err: err}
	}
	return c.Send(http.MethodPost, path, body.String(), Bearer(token), With("Content-Type", form.FormDataContentType()))
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

// User decodes an account that was answered with 200.
func (a Answer) User(t testing.TB) User {
	t.Helper()
	var u User
	if a.Err != nil || a.Status != http.StatusOK {
		t.Fatalf("%s: got %d %s %v, want 200", a.Request.URL.Path, a.Status, a.Body, a.Err)
	}
	if err := json.Unmarshal(a.Body, &u); err != nil {
		t.Fatal(err)
	}
	return u
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
