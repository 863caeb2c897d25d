package testkit

import (
	"fmt"
	"time"
)

// FormerSecret is in every token and key that a former service has stored, none of
// which is to be anywhere else.
const FormerSecret = "canary-of-a-former-service"

// Former are the records of another service, with what is wrong with such, and
// what is to become of them.
type Former struct {
	Records, Merged, Refused int
	Users                    map[string]FormerPerson // by openid
}

// FormerPerson is what is to be known of a person.
type FormerPerson struct {
	Nickname, AvatarURL string
	CreatedAt           time.Time // zero: the time of the import
}

// formerStart is when the former services made their first users.
var formerStart = time.Date(2018, 5, 6, 7, 8, 9, 0, time.UTC)

// formerID is an openid of no order that anything else is in.
func formerID(n int) string {
	return fmt.Sprintf("o%07x-%08d", uint32(n)*2654435761>>4, n)
}
