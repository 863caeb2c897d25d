package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wxlogin/domain"
)

type (
	dur   = time.Duration
	level = slog.Level
)

var (
	booleans = map[string]bool{"true": true, "false": false, "on": true, "off": false, "1": true, "0": false}
	levels   = map[string]level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	algs     = same("ES256", "EdDSA", "RS256", "HS256")
)

func same(words ...string) map[string]string {
	all := make(map[string]string, len(words))
	for _, w := range words {
		all[w] = w
	}
	return all
}

// between bounds a duration, both ends included.
type between struct{ least, most dur }

func duration(limits between, field func(*Config) *dur) func(*Config, string) error {
	return func(c *Config, text string) error {
		d, err := time.ParseDuration(text)
		if err != nil || d < limits.least || d > limits.most {
			return fmt.Errorf("want a duration from %v to %v", limits.least, limits.most)
		}
		*field(c) = d
		return nil
	}
}

// choice takes one of the words, in capitals or not.
func choice[T any](values map[string]T, field func(*Config) *T) func(*Config, string) error {
	return func(c *Config, text string) error {
		for word, v := range values {
			if strings.EqualFold(word, text) {
				*field(c) = v
				return nil
			}
		}
		return fmt.Errorf("want one of %s", strings.Join(slices.Sorted(maps.Keys(values)), ", "))
	}
}

func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, text string) error {
		*field(c) = text
		return nil
	}
}

func listen(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, text string) error {
		if text == "" {
			return nil
		}
		_, port, err := net.SplitHostPort(text)
		if n, perr := strconv.ParseUint(port, 10, 16); err != nil || perr != nil || n > 65535 {
			return errors.New("want host:port, such as 127.0.0.1:8080 or :8080")
		}
		*field(c) = text
		return nil
	}
}

// sameListener reports whether two addresses cannot both be listened on. Port 0
// takes a free one, and no host stands for all of them.
func sameListener(a, b string) bool {
	hostA, portA := hostAndPort(a)
	hostB, portB := hostAndPort(b)
	all := netip.IPv4Unspecified().String()
	return portA == portB && portA != 0 && (hostA == hostB || hostA == all || hostB == all)
}

// hostAndPort parts what listen took, so that what means the same is the same.
func hostAndPort(address string) (host string, port uint64) {
	host, text, _ := net.SplitHostPort(address)
	port, _ = strconv.ParseUint(text, 10, 16)
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "" || ip.IsUnspecified():
		return netip.IPv4Unspecified().String(), port
	case strings.EqualFold(host, "localhost"):
		return "127.0.0.1", port
	case err == nil:
		return ip.Unmap().String(), port
	}
	return strings.ToLower(host), port
}

// LocalURL is where this machine reaches the listener, without a slash at the end.
// Of a port that is yet to be chosen it knows nothing.
func (h HTTP) LocalURL() string {
	host, port := hostAndPort(h.Listen)
	if host == netip.IPv4Unspecified().String() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.FormatUint(port, 10))
}

// mongoPattern asks for a scheme, hosts and a database's name. What is wrong
// with the rest, the driver says.
var mongoPattern = regexp.MustCompile(`^mongodb(\+srv)?://[^/]+/[^/?]+(\?.*)?$`)

func setMongoDB(c *Config, text string) error {
	if text != "" && !mongoPattern.MatchString(text) {
		return errors.New("want mongodb://host/name, the database's name included")
	}
	if text != "" && c.Simulator.Enabled && !allLoopback(text) {
		return errors.New("dev stores what the simulator makes up: want a server on a loopback address")
	}
	c.MongoDB.URI = domain.NewSecret(text)
	return nil
}

// allLoopback reports whether every host of a MongoDB URI is this machine.
func allLoopback(uri string) bool {
	hosts, _, _ := strings.Cut(strings.TrimPrefix(uri, "mongodb://"), "/")
	hosts = hosts[strings.LastIndex(hosts, "@")+1:]
	for host := range strings.SplitSeq(hosts, ",") {
		if !loopback(host) {
			return false
		}
	}
	return true
}

func setIssuer(c *Config, text string) error {
	if text == "" { // in dev, where it follows from LISTEN
		return nil
	}
	if _, ok := webURL(text); !ok {
		return errors.New("want a URL without query or fragment, such as https://login.example.com")
	}
	c.Tokens.Issuer = text
	return nil
}

var keyIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,16}$`)

// sealingKeyBytes is the size of an AES-256 key.
const sealingKeyBytes = 32

func setSealing(c *Config, text string) error {
	if text == "" {
		return nil
	}
	seen := map[string]bool{}
	for i, entry := range strings.Split(text, ",") {
		id, key, _ := strings.Cut(strings.TrimSpace(entry), ":")
		raw, err := base64.StdEncoding.DecodeString(key)
		if err != nil || len(raw) != sealingKeyBytes || !keyIDPattern.MatchString(id) {
			return fmt.Errorf("entry %d is not of the form id:base64 of 32 bytes", i+1)
		}
		if seen[id] {
			return fmt.Errorf("entry %d has an id that is there already", i+1)
		}
		seen[id] = true
		c.Sealing.Keys = append(c.Sealing.Keys, SealingKey{ID: id, Key: domain.NewSecret(key)})
	}
	return nil
}
