package wafertable

import (
	"database/sql"
	"encoding/json"
	"math"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// row is a row of the table. Times are seconds since 1970.
type row struct {
	openID, uuid, userInfo sql.NullString
	created, visited       sql.NullInt64
}

// openData is what wafer2 stored of a person: what it decrypted at the last full
// login, of which a column of 2,048 characters may have cut off the end.
type openData struct {
	OpenID    string `json:"openId"`
	UnionID   string `json:"unionId"`
	NickName  string `json:"nickName"`
	AvatarURL string `json:"avatarUrl"`
	Watermark struct {
		Timestamp float64 `json:"timestamp"`
		AppID     string  `json:"appid"`
	} `json:"watermark"`
}

func (r row) record() ports.FormerRecord {
	record := r.read()
	record.Key = record.User.RecordKey(r.uuid.String)
	return record
}

func (r row) read() ports.FormerRecord {
	record := ports.FormerRecord{
		User: domain.FormerUser{
			OpenID:    domain.OpenID(r.openID.String),
			CreatedAt: moment(r.created),
			SeenAt:    moment(r.visited),
		},
	}
	if r.userInfo.String == "" {
		return record
	}
	var data openData
	switch err := json.Unmarshal([]byte(r.userInfo.String), &data); {
	case err != nil:
		record.Flaws = []domain.Flaw{domain.FlawProfileText}
	case data.OpenID != "" && data.OpenID != r.openID.String:
		record.Flaws = []domain.Flaw{domain.FlawProfileOther}
	default:
		data.into(&record.User)
	}
	return record
}

func (d openData) into(user *domain.FormerUser) {
	user.AppID = domain.AppID(d.Watermark.AppID)
	if d.OpenID != "" { // else nothing says that it is this person's
		user.UnionID = domain.UnionID(d.UnionID)
	}
	user.Profile = domain.Profile{Nickname: d.NickName, AvatarURL: d.AvatarURL}
	if t := d.Watermark.Timestamp; t > 0 && t < math.MaxInt32 {
		user.NicknameAt = time.Unix(int64(t), 0).UTC()
		user.AvatarAt = user.NicknameAt
	}
}

// moment is a time of the table. MySQL has 0000-00-00 for none.
func moment(seconds sql.NullInt64) time.Time {
	if seconds.Int64 == 0 {
		return time.Time{}
	}
	return time.Unix(seconds.Int64, 0).UTC()
}
