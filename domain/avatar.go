package domain

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// AvatarName names a picture that a user uploaded, in storage and in its address.
// Nobody can guess it, and it is never used for another picture, so that what it
// names may be kept by whoever has it. Its first AvatarOwnerLength characters are
// the owner's.
type AvatarName string

// AvatarOwner is what all avatars of one user begin with. It does not tell the
// user's ID.
type AvatarOwner string

// AvatarOwnerLength is how many characters an AvatarOwner has, and avatarLength an
// AvatarName, all of them A-Z a-z 0-9 - _.
const (
	AvatarOwnerLength = 20
	avatarLength      = AvatarOwnerLength + 43
)

// OwnerOfAvatars returns what the names of the user's avatars begin with.
func OwnerOfAvatars(id UserID) AvatarOwner {
	sum := sha256.Sum256([]byte("wxlogin avatar owner\x00" + string(id)))
	return AvatarOwner(base64.RawURLEncoding.EncodeToString(sum[:])[:AvatarOwnerLength])
}

// NewAvatarName names a new picture of the user by 256 random bits, as 43
// characters of unpadded base64url.
func NewAvatarName(owner UserID, random Secret) AvatarName {
	return AvatarName(string(OwnerOfAvatars(owner)) + random.Reveal())
}

// ParseAvatarName reports whether text has the form of an avatar's name.
func ParseAvatarName(text string) (name AvatarName, ok bool) {
	if len(text) != avatarLength || strings.Trim(text, base64Alphabet) != "" {
		return "", false
	}
	return AvatarName(text), true
}

// Owner returns whose picture it is, as far as the name has the form of one.
func (n AvatarName) Owner() AvatarOwner { return AvatarOwner(n[:min(len(n), AvatarOwnerLength)]) }
