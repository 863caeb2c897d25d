package sealing

import (
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// fieldPhone is what a phone number is sealed as.
const fieldPhone = "phone"

// PhoneSealer implements ports.PhoneSealer. It is safe for concurrent use.
//
// An index is HMAC-SHA256 over the number in the form of E.164, under a key that
// is derived from a sealing key: who reads the database can neither tell a number
// nor try all numbers.
type PhoneSealer struct{ ring ring }

var _ ports.PhoneSealer = (*PhoneSealer)(nil)

// NewPhoneSealer takes cfg's keys, as NewSessionKeySealer does.
func NewPhoneSealer(cfg config.Sealing) (*PhoneSealer, error) {
	ring, err := newRing(cfg)
	if err != nil {
		return nil, err
	}
	return &PhoneSealer{ring}, nil
}

// SealPhone implements ports.PhoneSealer.
func (s *PhoneSealer) SealPhone(number domain.PhoneNumber, owner domain.IdentityKey, at time.Time) (domain.SealedPhone, error) {
	return domain.SealedPhone{
		Owner: owner, Text: s.ring.seal(fieldPhone, number.Reveal(), owner), Index: s.PhoneIndexes(number)[0], At: at,
	}, nil
}

// OpenPhone implements ports.PhoneSealer.
func (s *PhoneSealer) OpenPhone(sealed domain.SealedPhone) (domain.PhoneNumber, error) {
	text, err := s.ring.open(fieldPhone, sealed.Text, sealed.Owner)
	if err != nil {
		return domain.PhoneNumber{}, err
	}
	number, ok := domain.ParsePhoneNumber(text.Reveal())
	if !ok {
		return domain.PhoneNumber{}, errDamaged
	}
	return number, nil
}

// PhoneIndexes implements ports.PhoneSealer.
func (s *PhoneSealer) PhoneIndexes(number domain.PhoneNumber) []domain.PhoneIndex {
	indexes := make([]domain.PhoneIndex, len(s.ring.order))
	for i, id := range s.ring.order {
		indexes[i] = domain.PhoneIndex(id + "." + ciphertexts.EncodeToString(s.ring.keys[id].index(number.E164())))
	}
	return indexes
}
