package testkit

import (
	"fmt"
	"strings"
)

// waferKinds are the rows with which something is wrong, of each fifty.
var waferKinds = map[int]func(*waferRow){
	// Profiles that nothing can be made of.
	4:  func(r *waferRow) { r.told["more"] = strings.Repeat("长", 2048); r.bare() }, // the column cuts it off
	7:  func(r *waferRow) { r.told["openId"] = "somebody-else"; r.bare() },
	11: func(r *waferRow) { r.said("") },
	12: func(r *waferRow) { r.said("null") },
	13: func(r *waferRow) { r.said(`[{"nickName":"one of several"}]`) },
	29: func(r *waferRow) { r.said("[object Object]") },
	31: func(r *waferRow) { r.said(`"{\"nickName\":\"a text\"}"`) },
	// And such of which a part can be used.
	6:  func(r *waferRow) { r.told["nickName"] = formerName; r.bare() },
	14: func(r *waferRow) { r.told["nickName"] = r.n; r.want.Nickname = "" },
	19: func(r *waferRow) { r.told["avatarUrl"] = map[string]any{}; r.want.AvatarURL = "" },
	20: func(r *waferRow) { r.told["watermark"] = "of wafer2" },
	21: func(r *waferRow) { r.watermark["timestamp"] = fmt.Sprint(r.watermark["timestamp"]) },
	30: func(r *waferRow) { r.told["nickName"] = strings.Repeat("名", 300); r.want.Nickname = "" },
	32: func(r *waferRow) { r.told["nickName"] = "a\x1b[2Jb"; r.want.Nickname = "" },
	34: func(r *waferRow) { r.told["avatarUrl"] = formerGrey; r.want.AvatarURL = "" },
	35: func(r *waferRow) { delete(r.told, "watermark") },
	36: func(r *waferRow) { r.watermark["timestamp"] = -1 },

	// Of another mini program, whatever else is wrong.
	5: func(r *waferRow) { r.watermark["appid"] = "wxffffffffffffffff"; r.refused = true },
	15: func(r *waferRow) {
		r.watermark["appid"], r.told["nickName"], r.refused = "wxffffffffffffffff", r.n, true
	},

	// Unionids.
	16: func(r *waferRow) { r.told["unionId"] = r.n },
	17: func(r *waferRow) { r.told["unionId"] = nil },
	18: func(r *waferRow) { r.want.UnionID = fmt.Sprintf("union-%08d", r.n); r.told["unionId"] = r.want.UnionID },
	22: func(r *waferRow) { r.told["unionId"] = fmt.Sprint("of whom? ", r.n); delete(r.told, "openId") },
	37: func(r *waferRow) { r.told["unionId"] = "undefined" },
	38: func(r *waferRow) { r.told["unionId"] = strings.Repeat("u", 200) },
	39: func(r *waferRow) { r.told["unionId"] = "" },

	// Dates: none, and of a clock that was wrong.
	8:  func(r *waferRow) { r.dates[0], r.want.CreatedAt = "0000-00-00 00:00:00", r.visited },
	9:  func(r *waferRow) { r.dates[0], r.want.CreatedAt = "2037-01-01 00:00:00", r.visited },
	28: func(r *waferRow) { r.dates[1], r.want.SeenAt = "0000-00-00 00:00:00", r.want.CreatedAt },
	40: func(r *waferRow) { r.dates[0], r.want.CreatedAt = "1980-01-01 00:00:00", r.visited },

	// Openids that are none, each of which the key has once.
	10: func(r *waferRow) { r.of(fmt.Sprint("no openid ", r.n)); r.refused = true },
	27: func(r *waferRow) {
		none := []string{"", "undefined", "null", "某人"}
		r.of(none[r.n/formerKinds%len(none)])
		if r.n/formerKinds >= len(none) {
			r.of(fmt.Sprint("某人 ", r.n))
		}
		r.refused = true
	},
	// Two that capitals alone tell apart.
	25: func(r *waferRow) { r.of(formerTwin(r.n/formerKinds, true)) },
	26: func(r *waferRow) { r.of(formerTwin(r.n/formerKinds, false)) },

	// Names that are not to be shown, or are none.
	23: func(r *waferRow) { r.uuid = r.openID },
	24: func(r *waferRow) { r.uuid = fmt.Sprintf("\x1b]0;%s-%d\a", FormerSecret, r.n) },
	33: func(r *waferRow) { r.uuid = "" },
	41: func(r *waferRow) { r.uuid = "--dry-run" },
	42: func(r *waferRow) { r.uuid = "wx1:" + strings.ToUpper(r.openID) },
}
