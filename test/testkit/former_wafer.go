package testkit

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// waferSchema is the table as wafer2 makes it, in form.
const waferSchema = `CREATE TABLE cSessionInfo (
	open_id varchar(100) NOT NULL, uuid varchar(100) NOT NULL, skey varchar(100) NOT NULL,
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

// wafer is the row of that number.
func (f *Former) wafer(n int, openID, app string) []any {
	created := formerStart.Add(time.Duration(n) * time.Second)
	person := FormerPerson{fmt.Sprint("昵称 ", n), fmt.Sprintf("https://thirdwx.qlogo.cn/mmopen/%d/132", n), created}
	told := map[string]any{
		"openId": openID, "nickName": person.Nickname, "avatarUrl": person.AvatarURL, "gender": 1, "city": "Guangzhou",
		"watermark": map[string]any{"timestamp": created.Unix(), "appid": app},
	}
	f.Records++
	made := any(created.Format(time.DateTime))
	kept := true
	switch n % 50 {
	case 4: // longer than the column, which cuts it off
		told["more"], person.Nickname, person.AvatarURL = strings.Repeat("长", 2048), "", ""
	case 5:
		told["watermark"].(map[string]any)["appid"], kept = "wxffffffffffffffff", false
	case 6:
		told["nickName"], person.Nickname, person.AvatarURL = "微信用户", "", ""
	case 7:
		told["openId"], person.Nickname, person.AvatarURL = "somebody-else", "", ""
	case 8: // no date
		made, person.CreatedAt = "0000-00-00 00:00:00", created.Add(time.Hour)
	case 9: // of a clock that was wrong
		made, person.CreatedAt = "2037-01-01 00:00:00", created.Add(time.Hour)
	case 10:
		openID, kept = fmt.Sprint("no openid ", n), false
	}
	if kept {
		f.Users[openID] = person
	} else {
		f.Refused++
	}
	info, _ := json.Marshal(told) // it is maps of text and numbers
	visited := created.Add(time.Hour).Format(time.DateTime)
	return []any{openID, fmt.Sprintf("uuid-%08d", n), FormerSecret, made, visited, FormerSecret, string(info)}
}
