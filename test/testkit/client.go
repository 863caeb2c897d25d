package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
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

// Post sends body as JSON.
func (c *Client) Post(path string, body any) Answer {
	text, err := json.Marshal(body)
	if err != nil {
		return Answer{Err: err}
	}
	req, err := http.NewRequest(http.MethodPost, c.Base+path, bytes.NewReader(text))
	if err != nil {
		return Answer{Err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	return c.do(req)
}

// Get asks for path, with the access token if there is one.
func (c *Client) Get(path, token string) Answer {
	req, err := http.NewRequest(http.MethodGet, c.Base+path, nil)
	if err != nil {
		return Answer{Err: err}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
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
