package wechatevents

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // WeChat signs with SHA-1
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"wxlogin/config"
)

// Why a request is refused. The texts are for the log.
var (
	errQuery     = errors.New("wechatevents: the query is none of WeChat's")
	errSignature = errors.New("wechatevents: the signature is wrong")
	errPlain     = errors.New("wechatevents: the message is not encrypted, and the app has a key")
	errSealed    = errors.New("wechatevents: the message cannot be decrypted")
	errMalformed = errors.New("wechatevents: the message cannot be read")
	errOtherApp  = errors.New("wechatevents: the message is for another app")
)

// The forms of what is in a query. What is signed is joined without a mark
// between the parts, so that the end of one could be taken for the beginning of
// the next. That gains nobody anything: to be seen, the message must still have
// its length in front and the app's id behind.
var (
	timestampPattern = regexp.MustCompile(`^[0-9]{1,20}$`)
	noncePattern     = regexp.MustCompile(`^[!-~]{1,64}$`)
	echoPattern      = regexp.MustCompile(`^[!-~]{1,256}$`)
)

// guard tells WeChat from everybody else.
type guard struct{ app config.EventsApp }

// query returns the request's query, in which every parameter has one value, if
// it is signed. The signature says nothing of the body: where the app has no key,
// whoever saw a query can use it for a body of their own.
//
// However old a timestamp is, it will do: an event that comes again changes
// nothing.
func (g guard) query(r *http.Request) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errQuery
	}
	for _, values := range query {
		if len(values) != 1 {
			return nil, errQuery
		}
	}
	if !timestampPattern.MatchString(query.Get("timestamp")) || !noncePattern.MatchString(query.Get("nonce")) {
		return nil, errQuery
	}
	if !g.signed(query, "signature") {
		return nil, errSignature
	}
	return query, nil
}

// signed reports whether the parameter is the signature of the query and of more.
func (g guard) signed(query url.Values, parameter string, more ...string) bool {
	parts := append([]string{g.app.Token.Reveal(), query.Get("timestamp"), query.Get("nonce")}, more...)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // see above
	return subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(query.Get(parameter))) == 1
}

const (
	keyBytes = 32 // AES-256
	padBlock = 32 // WeChat pads to twice the cipher's block
	saltSize = 16 // random bytes that come first
	headSize = saltSize + 4
)

// open returns the message in encrypted, which must be signed: nobody else's
// ciphertext is decrypted.
func (g guard) open(query url.Values, encrypted string) ([]byte, error) {
	if !g.signed(query, "msg_signature", encrypted) {
		return nil, errSignature
	}
	key, err := base64.StdEncoding.DecodeString(g.app.Key.Reveal() + "=")
	if err != nil || len(key) != keyBytes {
		return nil, errSealed
	}
	text, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil || len(text) == 0 || len(text)%padBlock != 0 {
		return nil, errSealed
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errSealed
	}
	cipher.NewCBCDecrypter(block, key[:aes.BlockSize]).CryptBlocks(text, text)
	return g.unpack(text)
}

// unpack takes apart what was encrypted: 16 random bytes, the message's length,
// the message, the app's id, and the padding.
func (g guard) unpack(text []byte) ([]byte, error) {
	padding := int(text[len(text)-1])
	if padding < 1 || padding > padBlock || padding > len(text)-headSize {
		return nil, errSealed
	}
	end := len(text) - padding
	for _, b := range text[end:] {
		if int(b) != padding {
			return nil, errSealed
		}
	}
	size, rest := uint64(binary.BigEndian.Uint32(text[saltSize:headSize])), text[headSize:end]
	if size > uint64(len(rest)) {
		return nil, errSealed
	}
	if string(rest[size:]) != string(g.app.ID) {
		return nil, errOtherApp
	}
	return rest[:size], nil
}
