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
	Nickname, AvatarURL, UnionID string
	CreatedAt                    time.Time // zero: the time of the import
	SeenAt                       time.Time // zero: CreatedAt
}

// formerKinds is after how many records there is the next of each kind.
const formerKinds = 50

// formerStart is when the former services made their first users.
var formerStart = time.Date(2018, 5, 6, 7, 8, 9, 0, time.UTC)

// formerID is an openid of no order that anything else is in.
func formerID(n int) string {
	return fmt.Sprintf("o%07x-%08d", uint32(n)*2654435761>>4, n)
}

// formerTwin is one of two openids that capitals alone tell apart.
func formerTwin(n int, capitals bool) string {
	if capitals {
		return fmt.Sprintf("oTWIN-%08d", n)
	}
	return fmt.Sprintf("otwin-%08d", n)
}

func formerPicture(n int) string { return fmt.Sprintf("https://thirdwx.qlogo.cn/mmopen/%d/132", n) }

// A picture and a nickname that are of no use, and texts that nobody is called.
const (
	formerGrey = "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132"
	formerFile = "wxfile://tmp_0123"
	formerName = "微信用户"
)

// add counts a record of the openid, of whom that is to be known. Without an openid
// it is to be refused.
func (f *Former) add(openID string, want FormerPerson) {
	f.Records++
	if openID == "" {
		f.Refused++
		return
	}
	if _, there := f.Users[openID]; there {
		f.Merged++
	}
	f.Users[openID] = want
}
