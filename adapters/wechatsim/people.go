package wechatsim

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxPeople bounds what a runaway test can fill.
const maxPeople = 1_000_000

// Person is someone with a phone and WeChat on it. Name is what the simulator's
// users call the person, WeChat never learns it. Fields left empty are made up
// from the name, the same each time.
type Person struct {
	Name        string `json:"name"`
	Nickname    string `json:"nickname,omitempty"`
	Avatar      string `json:"avatar,omitempty"`
	Phone       string `json:"phone,omitempty"`        // without the country code
	CountryCode string `json:"country_code,omitempty"` // 86 if empty
}

// population is everybody there is, and what WeChat knows of them.
type population struct {
	mu       sync.Mutex // held for lookups and key changes only, never for I/O
	seed     []byte
	people   map[string]*Person
	order    []*Person
	members  map[membership]*member
	byOpenID map[string]*member
}

// PutPerson makes a person, or changes the one of that name; fields left empty
// stay as they were. It returns the person as WeChat would show them, and fails
// for a name or value that no phone could hold.
func (s *Simulator) PutPerson(p Person) (Person, error) {
	return s.people.put(p)
}

// People returns up to limit people, in the order they were made, after skipping
// offset of them, and how many there are in all.
func (s *Simulator) People(offset, limit int) ([]Person, int) {
	s.people.mu.Lock()
	defer s.people.mu.Unlock()
	all := s.people.order
	from := min(max(offset, 0), len(all))
	to := from + min(max(limit, 0), len(all)-from)
	page := make([]Person, 0, to-from)
	for _, p := range all[from:to] {
		page = append(page, p.complete())
	}
	return page, len(all)
}

// put is PutPerson under the lock. What it returns is a copy.
func (p *population) put(change Person) (Person, error) {
	if err := change.check(); err != nil {
		return Person{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.findOrMake(change.Name)
	if err != nil {
		return Person{}, err
	}
	stored.Nickname = cmp.Or(change.Nickname, stored.Nickname)
	stored.Avatar = cmp.Or(change.Avatar, stored.Avatar)
	stored.Phone = cmp.Or(change.Phone, stored.Phone)
	stored.CountryCode = cmp.Or(change.CountryCode, stored.CountryCode)
	return stored.complete(), nil
}

// findOrMake is called with the lock held and a name that was checked.
func (p *population) findOrMake(name string) (*Person, error) {
	if known := p.people[name]; known != nil {
		return known, nil
	}
	if len(p.people) >= maxPeople {
		return nil, fmt.Errorf("wechatsim: there are %d people already", maxPeople)
	}
	name = strings.Clone(name) // not a slice of some request
	made := &Person{Name: name}
	p.people[name] = made
	p.order = append(p.order, made)
	return made, nil
}

// check keeps out what would break a terminal, a list or WeChat's own rules.
func (p Person) check() error {
	if p.Name == "" {
		return fmt.Errorf("wechatsim: a person needs a name")
	}
	for _, text := range []string{p.Name, p.Nickname, p.Avatar} {
		if !sound(text) {
			return fmt.Errorf("wechatsim: %.32q is too long or holds control characters", text)
		}
	}
	if !digits(p.Phone, 20) || !digits(p.CountryCode, 4) {
		return fmt.Errorf("wechatsim: phone and country_code are digits only, such as 13580006666 and 86")
	}
	return nil
}

// sound reports whether text is what an answer or a terminal can show.
func sound(text string) bool {
	return len(text) <= 1024 && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// complete fills in what nobody set. The avatar's address leads nowhere.
func (p Person) complete() Person {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.Name))
	sum := h.Sum64()
	p.Nickname = cmp.Or(p.Nickname, p.Name)
	p.Avatar = cmp.Or(p.Avatar, fmt.Sprintf("https://thirdwx.qlogo.cn/mmopen/vi_32/%016x/132", sum))
	p.Phone = cmp.Or(p.Phone, fmt.Sprintf("199%08d", sum%100_000_000))
	p.CountryCode = cmp.Or(p.CountryCode, "86")
	return p
}

// digits reports whether text is nothing but digits, and few enough; it may be empty.
func digits(text string, most int) bool {
	return len(text) <= most && strings.Trim(text, "0123456789") == ""
}
