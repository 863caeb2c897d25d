package wechatsim

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // WeChat signs with SHA-1
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// eventsURL is where the first app's server would take its messages.
func (s *Simulator) eventsURL() string {
	return s.cfg.Service + "/v1/wechat/events/" + s.apps[0].ID
}

// eventsHint says how an app gets them.
const eventsHint = "start wxsim with -events id:token[:EncodingAESKey], or wxlogin dev with WECHAT_EVENTS"

// eventPatience is how long WeChat waits for an answer.
const eventPatience = 5 * time.Second

// VerifyURL asks the server at the address whether it knows the app's token, as
// WeChat's console does, and fails unless it answers as it should. The address is
// as Push has it.
func (s *Simulator) VerifyURL(ctx context.Context, app, address string) error {
	to, err := s.receiver(address)
	if err != nil {
		return err
	}
	a, err := s.appNamed(app)
	if err != nil {
		return err
	}
	query, err := a.eventQuery(s.cfg.Now())
	if err != nil {
		return err
	}
	echo := anyNumber()
	query.Set("echostr", echo)
	status, body, err := send(ctx, http.MethodGet, to, query, "")
	if err == nil && (status != http.StatusOK || body != echo) {
		return fmt.Errorf("wechatsim: the server answers %d %q, and not 200 with echostr", status, body)
	}
	return err
}

// receiver parses the address of an app's server.
func (s *Simulator) receiver(address string) (*url.URL, error) {
	if address == "" {
		return nil, errors.New("wechatsim: url is missing: where the app's server takes messages, such as " + s.eventsURL())
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return nil, errors.New("wechatsim: url is no address on the web, such as " + s.eventsURL())
	case !s.cfg.AllowRemote && !local(u.Host):
		return nil, fmt.Errorf("wechatsim: %q is not a loopback address, and others are not allowed", u.Host)
	}
	return u, nil
}

// courier follows no redirects, which could lead off this machine, and leaves no
// connection open.
var courier = &http.Client{
	Timeout:       eventPatience,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func send(ctx context.Context, method string, to *url.URL, query url.Values, text string) (status int, body string, err error) {
	address := *to
	address.RawQuery = query.Encode()
	r, err := http.NewRequestWithContext(ctx, method, address.String(), strings.NewReader(text))
	if err != nil {
		return 0, "", fmt.Errorf("wechatsim: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(text, "<") {
		r.Header.Set("Content-Type", "text/xml")
	}
	resp, err := courier.Do(r)
	if err != nil { // without the URL, which is mostly signatures
		return 0, "", fmt.Errorf("wechatsim: %s does not answer: %w", to.Host, errors.Unwrap(err))
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return 0, "", fmt.Errorf("wechatsim: %w", err)
	}
	return resp.StatusCode, string(answer), nil
}

// eventQuery is the signed query of a message to the app's server.
func (a *app) eventQuery(now time.Time) (url.Values, error) {
	if a.EventToken == "" {
		return nil, fmt.Errorf("wechatsim: the app %s has no EventToken to sign with: %s", a.ID, eventsHint)
	}
	timestamp, nonce := strconv.FormatInt(now.Unix(), 10), anyNumber()
	return url.Values{
		"timestamp": {timestamp}, "nonce": {nonce}, "signature": {eventSignature(a.EventToken, timestamp, nonce)},
	}, nil
}

func eventSignature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// anyNumber makes a nonce as WeChat's are.
func anyNumber() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000_000)) // never fails
	return n.String()
}

// eventKeyBytes is the size of an AES-256 key, and eventBlock what messages are
// padded to: twice the block of AES.
const (
	eventKeyBytes = 32
	eventBlock    = 32
)

// eventKey is EventKey as bytes, or nil if it is no base64.
func (a App) eventKey() []byte {
	key, err := base64.StdEncoding.DecodeString(a.EventKey + "=")
	if err != nil {
		return nil
	}
	return key
}

// sealEvent is AES-256-CBC over 16 random bytes, the text's length, the text, the
// app's id, and padding.
func (a *app) sealEvent(text string) (string, error) {
	if a.EventKey == "" {
		return "", fmt.Errorf("wechatsim: the app %s has no EventKey to encrypt with: %s", a.ID, eventsHint)
	}
	key := a.eventKey()
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", fmt.Errorf("wechatsim: %w", err)
	}
	plain := make([]byte, 16, len(text)+2*eventBlock)
	_, _ = rand.Read(plain)                                         // never fails
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(text))) //nolint:gosec // a few hundred bytes
	plain = append(append(plain, text...), a.ID...)
	padding := eventBlock - len(plain)%eventBlock
	for range padding {
		plain = append(plain, byte(padding))
	}
	//nolint:gosec // WeChat takes the IV from the key; the random bytes in front do its work
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}
