package testkit

import (
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// scaffoldKinds are the documents with which something is wrong, of each fifty.
// Those of one person follow one another.
var scaffoldKinds = map[int]func(*scaffoldDoc){
	// Two first logins at once, and the later one has all.
	3: func(d *scaffoldDoc) {
		nickname, picture := d.want.Nickname, d.want.AvatarURL
		d.again(1)
		d.want.Nickname, d.want.AvatarURL = nickname, picture
		d.has("nickName", nickname)
		d.has("avatarUrl", picture)
	},
	// Three, of which each has what the others have not.
	12: func(d *scaffoldDoc) { d.want.AvatarURL = ""; delete(d.fields, "avatarUrl") },
	13: func(d *scaffoldDoc) {
		d.again(1)
		d.want.AvatarURL = formerPicture(d.n)
		d.has("avatar", d.want.AvatarURL)
	},
	14: func(d *scaffoldDoc) {
		d.again(2)
		d.want.SeenAt = d.made.Add(48 * time.Hour)
		d.has("updateAt", d.want.SeenAt)
	},
	// The newest of three is what WeChat tells of everybody.
	22: func(d *scaffoldDoc) { d.want.AvatarURL = ""; d.has("avatarUrl", formerGrey) },
	23: func(d *scaffoldDoc) {
		d.again(1)
		d.want.Nickname = fmt.Sprint("later ", d.n)
		d.has("nickName", d.want.Nickname)
		d.has("avatarUrl", formerFile)
	},
	24: func(d *scaffoldDoc) {
		d.again(2)
		d.has("nickName", formerName)
		d.has("avatarUrl", formerPicture(d.n))
	},

	// Openids that are none.
	5:  func(d *scaffoldDoc) { d.refused(nil); delete(d.fields, "openid") },
	11: func(d *scaffoldDoc) { d.refused(nil) },
	15: func(d *scaffoldDoc) { d.refused("") },
	16: func(d *scaffoldDoc) { d.refused("undefined") },
	17: func(d *scaffoldDoc) { d.refused("null") },
	18: func(d *scaffoldDoc) { d.refused(int64(d.n)) },
	19: func(d *scaffoldDoc) { d.refused(" " + d.openID + " ") },
	34: func(d *scaffoldDoc) { d.refused(bson.M{"of": d.openID}) },
	39: func(d *scaffoldDoc) { d.refused(strings.Repeat("o", 200)) },
	46: func(d *scaffoldDoc) { d.refused(bson.A{d.openID}) },
	// Two that capitals alone tell apart.
	43: func(d *scaffoldDoc) { d.of(formerTwin(d.n/formerKinds, true)) },
	44: func(d *scaffoldDoc) { d.of(formerTwin(d.n/formerKinds, false)) },

	// The two fields of an avatar.
	4:  func(d *scaffoldDoc) { d.has("avatar", d.want.AvatarURL); delete(d.fields, "avatarUrl") },
	20: func(d *scaffoldDoc) { d.has("avatar", formerPicture(-d.n)) },
	21: func(d *scaffoldDoc) { d.has("avatar", d.want.AvatarURL); d.has("avatarUrl", formerFile) },
	47: func(d *scaffoldDoc) { d.has("avatar", formerFile) },
	26: func(d *scaffoldDoc) { d.want.AvatarURL = ""; d.has("avatarUrl", bson.A{formerPicture(d.n)}) },
	48: func(d *scaffoldDoc) { d.want.AvatarURL = ""; d.has("avatarUrl", formerGrey); d.has("avatar", 7) },
	// Profiles of no use, or too long.
	6:  func(d *scaffoldDoc) { d.want.Nickname, d.want.AvatarURL = "", ""; d.has("nickName", formerName) },
	7:  func(d *scaffoldDoc) { d.want.Nickname = ""; d.has("nickName", strings.Repeat("名", 2048)) },
	10: func(d *scaffoldDoc) { d.want.AvatarURL = ""; d.has("avatarUrl", formerFile) },
	30: func(d *scaffoldDoc) {
		d.want.AvatarURL = ""
		d.has("avatarUrl", formerPicture(d.n)+strings.Repeat("0", 2048))
	},
	31: func(d *scaffoldDoc) { d.want.AvatarURL = ""; d.has("avatarUrl", formerGrey) },
	32: func(d *scaffoldDoc) { d.want.Nickname = ""; d.has("nickName", d.n) },
	38: func(d *scaffoldDoc) {
		d.want.Nickname, d.want.AvatarURL = "", ""
		d.has("nickName", nil)
		d.has("avatarUrl", nil)
	},
	42: func(d *scaffoldDoc) { d.want.Nickname = ""; d.has("nickName", "a\x1b[2Jb\x00") },

	// Dates.
	25: func(d *scaffoldDoc) { d.has("createAt", "yesterday"); d.has("updateAt", 0) },
	33: func(d *scaffoldDoc) {
		d.want.SeenAt = d.made.Add(time.Hour)
		d.has("createAt", d.made)
		d.has("updateAt", d.want.SeenAt)
	},
	45: func(d *scaffoldDoc) { d.has("updateAt", time.Now().Add(365*24*time.Hour)) },
	8:  func(d *scaffoldDoc) { d.named(bson.NewObjectIDFromTimestamp(time.Now().Add(365 * 24 * time.Hour))) },
	37: func(d *scaffoldDoc) { d.named(bson.NewObjectIDFromTimestamp(time.Unix(int64(d.n), 0))) },

	// Documents that were imported once before, or changed by hand.
	9:  func(d *scaffoldDoc) { d.named(fmt.Sprint("key-", d.n)) },
	27: func(d *scaffoldDoc) { d.named(int64(d.n)) },
	28: func(d *scaffoldDoc) {
		d.named(bson.Binary{Subtype: bson.TypeBinaryUUID, Data: fmt.Appendf(nil, "%016d", d.n)})
	},
	35: func(d *scaffoldDoc) { d.named("wx1:" + d.openID) },
	36: func(d *scaffoldDoc) { d.named(fmt.Sprintf("\x1b]0;%s-%d\a", FormerSecret, d.n)) },
	41: func(d *scaffoldDoc) { d.named(fmt.Sprintf("%024x", d.n)) },
	29: func(d *scaffoldDoc) { d.has("uid", fmt.Sprint("uid-", d.n)); d.has("app_id", "wx1") },
	// One of wxlogin's own.
	40: func(d *scaffoldDoc) {
		d.has("_id", "wx1:"+d.openID)
		d.has("uid", "u1")
		d.has("app_id", "wx1")
		d.openID = ""
	},
}
