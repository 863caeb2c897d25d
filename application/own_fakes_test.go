package application_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

func (f reading) ReadPhone(_ domain.OpenData, key domain.Secret, _ domain.AppID, _ ports.OpenDataWindow) (domain.PhoneNumber, error) {
	profile, err := f(key)
	if err != nil {
		return domain.PhoneNumber{}, err
	}
	number, ok := domain.ParsePhoneNumber(profile.Nickname)
	if !ok {
		return domain.PhoneNumber{}, domain.ErrOpenDataInvalid
	}
	return number, nil
}

func (exact) ReadPhone(domain.OpenData, domain.Secret, domain.AppID, ports.OpenDataWindow) (domain.PhoneNumber, error) {
	return domain.PhoneNumber{}, domain.ErrOpenDataInvalid
}

// sameNumbers compares phone numbers, which hide what they are.
var sameNumbers = cmp.Comparer(func(a, b domain.PhoneNumber) bool { return a.Reveal() == b.Reveal() })

// numbers is a WeChat that takes every phone code for the number that it spells,
// unless it fails.
type numbers struct {
	err   error
	asked []domain.WeChatIdentity
}

func (n *numbers) ExchangePhoneCode(_ context.Context, identity domain.WeChatIdentity, code domain.Secret) (domain.PhoneNumber, error) {
	n.asked = append(n.asked, identity)
	if n.err != nil {
		return domain.PhoneNumber{}, n.err
	}
	number, ok := domain.ParsePhoneNumber(code.Reveal())
	if !ok {
		return domain.PhoneNumber{}, domain.ErrPhoneCodeInvalid
	}
	return number, nil
}

// numbering is a sealer of phone numbers that turns them around.
type numbering struct{}

func turned(text string) string {
	runes := []rune(text)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}

func (n numbering) SealPhone(number domain.PhoneNumber, owner domain.IdentityKey, at time.Time) (domain.SealedPhone, error) {
	return domain.SealedPhone{
		Owner: owner, Text: string(owner) + "|" + turned(number.Reveal()), Index: n.PhoneIndexes(number)[0], At: at,
	}, nil
}

func (numbering) OpenPhone(sealed domain.SealedPhone) (domain.PhoneNumber, error) {
	owner, text, _ := strings.Cut(sealed.Text, "|")
	number, ok := domain.ParsePhoneNumber(turned(text))
	if !ok || owner != string(sealed.Owner) {
		return domain.PhoneNumber{}, errors.New("numbering: not sealed for this owner")
	}
	return number, nil
}

func (numbering) PhoneIndexes(number domain.PhoneNumber) []domain.PhoneIndex {
	return []domain.PhoneIndex{domain.PhoneIndex("new " + turned(number.E164())), domain.PhoneIndex("old " + turned(number.E164()))}
}

// checking is a WeChat that knows which session_key of a person is the present
// one, and makes "fresh " and the old one of it when asked to.
type checking struct {
	present map[domain.OpenID]string
	err     error
	asked   int
}

func (c *checking) CheckSessionKey(_ context.Context, identity domain.WeChatIdentity, key domain.Secret) (bool, error) {
	c.asked++
	return c.err == nil && c.present[identity.OpenID] == key.Reveal(), c.err
}

func (c *checking) ResetSessionKey(_ context.Context, identity domain.WeChatIdentity, key domain.Secret) (domain.Secret, bool, error) {
	c.asked++
	if c.err != nil || c.present[identity.OpenID] != key.Reveal() {
		return domain.Secret{}, false, c.err
	}
	c.present[identity.OpenID] = "fresh " + key.Reveal()
	return domain.NewSecret(c.present[identity.OpenID]), true, nil
}

type making func(upload []byte) ([]byte, error)

func (f making) MakeAvatar(_ context.Context, upload []byte) ([]byte, error) { return f(upload) }

// album keeps pictures, and fails where it is told to.
type album struct {
	mu     sync.Mutex
	kept   map[domain.AvatarName][]byte
	put    error // of Put
	remove error // of Delete and DeleteAll
}

func (a *album) Put(_ context.Context, name domain.AvatarName, picture []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.put == nil {
		a.kept[name] = picture
	}
	return a.put
}

func (a *album) Get(_ context.Context, name domain.AvatarName) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	picture, ok := a.kept[name]
	if !ok {
		return nil, domain.ErrNotFound
	}
	return picture, nil
}

func (a *album) Delete(_ context.Context, name domain.AvatarName) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.remove == nil {
		delete(a.kept, name)
	}
	return a.remove
}

func (a *album) DeleteAll(_ context.Context, owner domain.AvatarOwner) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name := range a.kept {
		if a.remove == nil && name.Owner() == owner {
			delete(a.kept, name)
		}
	}
	return a.remove
}
