package wafertable

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
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
		Timestamp json.RawMessage `json:"timestamp"` // a number, or a text of one
		AppID     string          `json:"appid"`
	} `json:"watermark"`
}

func (r row) record() ports.FormerRecord {
	record := ports.FormerRecord{User: domain.FormerUser{
		OpenID:    domain.OpenID(r.openID.String),
		CreatedAt: moment(r.created),
		SeenAt:    moment(r.visited),
	}}
	if r.userInfo.String != "" {
		record.Flaws = learn(&record.User, r.userInfo.String)
	}
	record.Key = record.User.RecordKey(r.uuid.String)
	return record
}

// learn adds to user what is in info. What is of another kind than it should be is
// left out, and nothing else for it: there may be more, and the watermark says whose
// mini program it is.
func learn(user *domain.FormerUser, info string) (flaws []domain.Flaw) {
	var data openData
	if err := json.Unmarshal([]byte(info), &data); err != nil {
		if _, odd := errors.AsType[*json.UnmarshalTypeError](err); !odd {
			return []domain.Flaw{domain.FlawProfileText}
		}
		flaws = append(flaws, domain.FlawProfileType)
	}
	user.AppID = domain.AppID(data.Watermark.AppID)
	if data.OpenID != "" && data.OpenID != string(user.OpenID) {
		return append(flaws, domain.FlawProfileOther)
	}
	switch {
	case data.OpenID != "":
		user.UnionID = domain.UnionID(data.UnionID)
	case data.UnionID != "":
		flaws = append(flaws, domain.FlawUnionWhose)
	}
	user.Profile = domain.Profile{Nickname: data.NickName, AvatarURL: data.AvatarURL}
	if t, err := strconv.ParseFloat(strings.Trim(string(data.Watermark.Timestamp), `"`), 64); err == nil && t > 0 && t < math.MaxInt32 {
		user.NicknameAt = time.Unix(int64(t), 0).UTC()
		user.AvatarAt = user.NicknameAt
	}
	return flaws
}

// moment is a time of the table. MySQL has 0000-00-00 for none.
func moment(seconds sql.NullInt64) time.Time {
	if seconds.Int64 == 0 {
		return time.Time{}
	}
	return time.Unix(seconds.Int64, 0).UTC()
}
