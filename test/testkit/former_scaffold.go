package testkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

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
