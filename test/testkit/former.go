package testkit

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
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

// FillScaffold fills the database that the URI names as the koa scaffold would have
// with so many documents, and with extra, of one openid each, after them.
func FillScaffold(uri string, documents int, extra ...string) (Former, error) {
	made := Former{Users: map[string]FormerPerson{}}
	err := withClient(uri, func(ctx context.Context, client *mongo.Client) error {
		users := client.Database(mongoName(uri)).Collection("users")
		var batch []any
		for n := range documents + len(extra) {
			openID := formerID(n)
			if n >= documents {
				openID = extra[n-documents]
			}
			batch = append(batch, made.scaffold(n, openID))
			if len(batch) == 1000 || n == documents+len(extra)-1 {
				if _, err := users.InsertMany(ctx, batch); err != nil {
					return err
				}
				batch = nil
			}
		}
		return nil
	})
	return made, err
}

func mongoName(uri string) string {
	name, _, _ := strings.Cut(uri[strings.LastIndex(uri, "/")+1:], "?")
	return name
}

// scaffold is the document of that number. Its dates are those of the scaffold's
// start, as all are.
func (f *Former) scaffold(n int, openID string) bson.D {
	const day = 24 * time.Hour
	created := formerStart.Add(time.Duration(n) * time.Second)
	person := FormerPerson{fmt.Sprint("nick ", n), fmt.Sprintf("https://thirdwx.qlogo.cn/mmopen/%d/132", n), created}
	id, nickname, avatar := any(bson.NewObjectIDFromTimestamp(created)), person.Nickname, "avatarUrl"
	f.Records++
	switch n % 50 {
	case 3, 13, 23: // the same person as the one before: two first logins at once
		openID = formerID(n - 1)
		f.Merged++
		person.CreatedAt = f.Users[openID].CreatedAt
	case 4: // what the scaffold's controller calls it
		avatar = "avatar"
	case 5: // WeChat told no openid
		f.Refused++
		return bson.D{{Key: "_id", Value: id}, {Key: "nickName", Value: nickname}, {Key: "token", Value: FormerSecret}}
	case 6: // what WeChat tells of everybody
		nickname, person.Nickname, person.AvatarURL = "微信用户", "", ""
	case 7: // a column's worth
		nickname, person.Nickname = strings.Repeat("名", 2048), ""
	case 8: // of a clock that was wrong
		id, person.CreatedAt = bson.NewObjectIDFromTimestamp(time.Now().Add(365*day)), time.Time{}
	case 9: // imported once before
		id, person.CreatedAt = fmt.Sprint("key-", n), time.Time{}
	case 10: // only a picture on a phone
		person.AvatarURL = ""
	}
	f.Users[openID] = person
	url := fmt.Sprintf("https://thirdwx.qlogo.cn/mmopen/%d/132", n)
	if n%50 == 10 {
		url = "wxfile://tmp_0123"
	}
	begun := formerStart.Add(-day)
	return bson.D{
		{Key: "_id", Value: id}, {Key: "openid", Value: openID}, {Key: "nickName", Value: nickname}, {Key: avatar, Value: url},
		{Key: "createAt", Value: begun}, {Key: "updateAt", Value: begun}, {Key: "token", Value: FormerSecret}, {Key: "__v", Value: 0},
	}
}

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
