package domain

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Profile is what a person is called and looks like. An empty field says "not
// known", never "erased".
type Profile struct {
	Nickname  string
	AvatarURL string // WeChat's; a picture that the person uploaded is an AvatarName
}

// The values that WeChat hands out for everybody since November 2022, in place
// of a nickname and an avatar.
// https://developers.weixin.qq.com/community/develop/doc/00022c683e8a80b29bed2142b56c01
const (
	placeholderNickname = "微信用户"
	placeholderAvatar   = "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg"
)

// Longest values that a profile may hold, in bytes: WeChat's nicknames are
// shorter by far, and its avatar addresses fit.
const (
	maxNicknameBytes  = 256
	maxAvatarURLBytes = 1024
)

// MaxNickname is the longest nickname that a person may choose, in characters.
const MaxNickname = 32

// Known returns p without what says nothing: WeChat's placeholders, names in
// which nothing can be seen, addresses that are not on the web, and values that
// are too long or hold control characters. The avatar that accompanies the
// placeholder nickname is the grey one, whatever its address.
func (p Profile) Known() Profile {
	name := strings.TrimSpace(p.Nickname)
	if name == placeholderNickname {
		return Profile{}
	}
	if len(name) > maxNicknameBytes || !strings.ContainsFunc(name, visible) || strings.ContainsFunc(name, control) {
		name = ""
	}
	avatar := p.AvatarURL
	if len(avatar) > maxAvatarURLBytes || !webAddress(avatar) || strings.Contains(avatar, placeholderAvatar) {
		avatar = ""
	}
	return Profile{Nickname: name, AvatarURL: avatar}
}

// ParseNickname returns the nickname that a person typed, without the blanks
// around it. It has 1 to MaxNickname characters, of which one can be seen and
// none is a control character or turns the direction of text around, and it is
// not WeChat's placeholder.
func ParseNickname(text string) (nickname string, ok bool) {
	name := strings.TrimSpace(text)
	turns := func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }
	ok = utf8.RuneCountInString(name) <= MaxNickname && name != placeholderNickname &&
		strings.ContainsFunc(name, visible) && !strings.ContainsFunc(name, control) && !strings.ContainsFunc(name, turns)
	if !ok {
		return "", false
	}
	return name, true
}

// blank are characters that count as graphic and show nothing: fillers of Hangul,
// selectors of variants, the empty cell of Braille.
var blank = []*unicode.RangeTable{
	unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
	{R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}}},
}

func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, blank...)
}

// control reports whether r commands a display, ends a line, or stands for text
// that was no UTF-8. Emoji are joined by characters that must pass.
func control(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar
}

// webAddress reports whether s is a URL on the web. The paths under which phones
// keep a picture, wxfile://… and http://tmp/…, are none.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		strings.Contains(u.Hostname(), ".") && !strings.ContainsFunc(s, outsideURLs)
}

// outsideURLs reports whether r must be escaped wherever it is in a URL.
func outsideURLs(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }

// ProfileChange is what becomes of a user's profile at a time. A field that is
// empty stays as it was.
type ProfileChange struct {
	Nickname  string
	AvatarURL string
	Avatar    AvatarName
	Phone     SealedPhone
	At        time.Time
}

// Replaces returns what is not to be kept with any other identity of the user when
// c is done: pictures and phone numbers are no one's to see or to find any more
// when there are new ones.
func (c ProfileChange) Replaces() Attributes {
	var replaced Attributes
	if c.Avatar != "" {
		replaced |= AvatarAttribute
	}
	if !c.Phone.Empty() {
		replaced |= PhoneAttribute
	}
	return replaced
}

// Attributes are parts of a profile that go together when they go.
type Attributes uint8

// The attributes. AvatarAttribute is both the picture that was uploaded and
// WeChat's address.
const (
	NicknameAttribute Attributes = 1 << iota
	AvatarAttribute
	PhoneAttribute

	AllAttributes = NicknameAttribute | AvatarAttribute | PhoneAttribute
)

// Has reports whether all of b are in a.
func (a Attributes) Has(b Attributes) bool { return a&b == b }
