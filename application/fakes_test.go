package application_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// frozen is a clock that a test moves.
type frozen struct{ now time.Time }

func (c *frozen) Now() time.Time { return c.now }

// ids counts over all worlds, so that no two are alike.
var ids atomic.Int64

// counter is an entropy without chance.
type counter struct{}

func (counter) NewID() string { return fmt.Sprintf("id-%08d", ids.Add(1)) }

// NewToken varies in what becomes a token's family and in the rest.
func (counter) NewToken() domain.Secret {
	n := ids.Add(1)
	return domain.NewSecret(fmt.Sprintf("%016d-random-%019d", n, n))
}

type directory func(domain.AppID) (domain.AppID, error)

func (f directory) Resolve(named domain.AppID) (domain.AppID, error) { return f(named) }

type exchanging func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error)

func (f exchanging) ExchangeCode(_ context.Context, app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	return f(app, code)
}

// knows is a WeChat that takes every code for the same person's, and the code
// for the session_key.
func knows(openID domain.OpenID) exchanging {
	return func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
		return ports.CodeExchange{Identity: domain.WeChatIdentity{AppID: app, OpenID: openID}, SessionKey: code}, nil
	}
}

type reading func(key domain.Secret) (domain.Profile, error)

func (f reading) ReadOpenData(_ domain.OpenData, key domain.Secret, _ domain.WeChatIdentity, _ ports.OpenDataWindow) (domain.Profile, error) {
	return f(key)
}

// opensUnder is open data of the profile, encrypted under key.
func opensUnder(key string, profile domain.Profile) reading {
	return func(tried domain.Secret) (domain.Profile, error) {
		if tried.Reveal() != key {
			return domain.Profile{}, domain.ErrOpenDataInvalid
		}
		return profile, nil
	}
}

type issuing func(domain.Caller) error

func (f issuing) IssueAccessToken(_ context.Context, caller domain.Caller, from, until time.Time) (domain.Secret, error) {
	if f != nil {
		if err := f(caller); err != nil {
			return domain.Secret{}, err
		}
	}
	return domain.NewSecret(fmt.Sprint("access ", caller, from.Unix(), until.Unix(), " ", ids.Add(1))), nil
}

// vault is a sealer that keeps the keys and gives out numbers.
type vault struct {
	mu   sync.Mutex
	kept map[domain.SealedKey]deposit
}

type deposit struct {
	key   domain.Secret
	owner domain.IdentityKey
}

func (v *vault) Seal(key domain.Secret, owner domain.IdentityKey) (domain.SealedKey, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.kept == nil {
		v.kept = make(map[domain.SealedKey]deposit)
	}
	number := domain.SealedKey(fmt.Sprint("vault ", len(v.kept)))
	v.kept[number] = deposit{key, owner}
	return number, nil
}

func (v *vault) Open(sealed domain.SealedKey, owner domain.IdentityKey) (domain.Secret, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, ok := v.kept[sealed]
	if !ok || kept.owner != owner {
		return domain.Secret{}, errors.New("vault: no such key")
	}
	return kept.key, nil
}

// lose forgets the key that was sealed in s.
func (v *vault) lose(s domain.Session) { delete(v.kept, s.Key) }
