package testkit

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// waferSchema is the table as wafer2 makes it, in form, with openids that are
// told apart by capitals.
const waferSchema = `CREATE TABLE cSessionInfo (
	open_id varchar(100) COLLATE utf8mb4_bin NOT NULL, uuid varchar(100) NOT NULL, skey varchar(100) NOT NULL,
	create_time timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, last_visit_time timestamp NOT NULL,
	session_key varchar(100) NOT NULL, user_info varchar(2048) NOT NULL,
	PRIMARY KEY (open_id), KEY skey (skey)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`

// FillWafer makes the table of wafer2 in db and fills it with so many rows, of
// app, and with extra, of one openid each, after them.
func FillWafer(db *sql.DB, app string, rows int, extra ...string) (Former, error) {
	made := Former{Users: map[string]FormerPerson{}}
	if _, err := db.Exec(waferSchema); err != nil {
		return made, err
	}
	var batch []any
	for n := range rows + len(extra) {
		openID := formerID(n)
		if n >= rows {
			openID = extra[n-rows]
		}
		batch = append(batch, made.wafer(n, openID, app)...)
		if n%500 == 499 || n == rows+len(extra)-1 {
			places := strings.Repeat(", (?, ?, ?, ?, ?, ?, ?)", len(batch)/7)
			if _, err := db.Exec("INSERT INTO cSessionInfo VALUES "+places[2:], batch...); err != nil {
				return made, err
			}
			batch = nil
		}
	}
	return made, nil
}

// waferRow is a row of wafer2's, and what is to be known of its person.
type waferRow struct {
	n            int
	openID, uuid string
	refused      bool
	visited      time.Time
	dates        [2]string // made, last visited
	told         map[string]any
	watermark    map[string]any
	text         *string // in place of told
	want         FormerPerson
}

// wafer is the row of that number.
func (f *Former) wafer(n int, openID, app string) []any {
	made := formerStart.Add(time.Duration(n) * time.Second)
	visited := made.Add(time.Hour)
	nickname, picture := fmt.Sprint("昵称 ", n), formerPicture(n)
	watermark := map[string]any{"timestamp": made.Unix(), "appid": app}
	r := waferRow{
		n: n, openID: openID, uuid: fmt.Sprintf("uuid-%08d", n), watermark: watermark, visited: visited,
		dates: [2]string{made.Format(time.DateTime), visited.Format(time.DateTime)},
		want:  FormerPerson{Nickname: nickname, AvatarURL: picture, CreatedAt: made, SeenAt: visited},
		told: map[string]any{
			"openId": openID, "nickName": nickname, "avatarUrl": picture, "gender": 1, "city": "Guangzhou", "watermark": watermark,
		},
	}
	if change, odd := waferKinds[n%formerKinds]; odd {
		change(&r)
	}
	if r.refused {
		f.add("", r.want)
	} else {
		f.add(r.openID, r.want)
	}
	info, _ := json.Marshal(r.told) // it is maps of text and numbers
	text := string(info)
	if r.text != nil {
		text = *r.text
	}
	return []any{r.openID, r.uuid, FormerSecret, r.dates[0], r.dates[1], FormerSecret, text}
}

// of has the row be of that openid, and say so itself.
func (r *waferRow) of(openID string) { r.openID, r.told["openId"] = openID, openID }

// said is what stands in place of a profile, of which nothing is to be known.
func (r *waferRow) said(text string) {
	r.text = &text
	r.bare()
}

func (r *waferRow) bare() { r.want.Nickname, r.want.AvatarURL, r.want.UnionID = "", "", "" }
