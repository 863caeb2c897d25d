package testkit

import (
	"context"
	"fmt"
	"slices"
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

// ScaffoldDocuments are so many documents as FillScaffold makes, in an order by
// openid that is a server's for those who have one.
func ScaffoldDocuments(documents int) ([]bson.M, Former) {
	made := Former{Users: map[string]FormerPerson{}}
	all := make([]bson.M, 0, documents)
	for n := range documents {
		all = append(all, made.scaffold(n, formerID(n)))
	}
	text := func(d bson.M) string {
		id, _ := d["openid"].(string)
		return id
	}
	slices.SortStableFunc(all, func(a, b bson.M) int { return strings.Compare(text(a), text(b)) })
	return all, made
}

func mongoName(uri string) string {
	name, _, _ := strings.Cut(uri[strings.LastIndex(uri, "/")+1:], "?")
	return name
}

// scaffoldDoc is a document of the scaffold's, and what is to be known of its person.
type scaffoldDoc struct {
	fields  bson.M
	made    time.Time
	n       int
	openID  string // empty: it is nobody's
	want    FormerPerson
	earlier map[string]FormerPerson
}

// scaffold is the document of that number. Its dates are those of the last of the
// scaffold's starts, as all are.
func (f *Former) scaffold(n int, openID string) bson.M {
	made := formerStart.Add(time.Duration(n) * time.Second)
	begun := made.Truncate(20 * time.Minute).Add(-time.Second)
	nickname, picture := fmt.Sprint("nick ", n), formerPicture(n)
	d := scaffoldDoc{
		n: n, made: made, openID: openID, earlier: f.Users,
		want: FormerPerson{Nickname: nickname, AvatarURL: picture, CreatedAt: made},
		fields: bson.M{
			"_id": bson.NewObjectIDFromTimestamp(made), "openid": openID, "nickName": nickname, "avatarUrl": picture,
			"createAt": begun, "updateAt": begun, "token": FormerSecret, "__v": 0,
		},
	}
	if change, odd := scaffoldKinds[n%formerKinds]; odd {
		change(&d)
	}
	f.add(d.openID, d.want)
	return d.fields
}

// has sets a field, of which nothing is to be seen.
func (d *scaffoldDoc) has(field string, value any) { d.fields[field] = value }

// refused has the document be nobody's, for its openid.
func (d *scaffoldDoc) refused(openID any) {
	d.openID = ""
	d.has("openid", openID)
}

// named gives the document an _id that does not tell when it was made.
func (d *scaffoldDoc) named(id any) {
	d.want.CreatedAt = time.Time{}
	d.has("_id", id)
}

// of has the document be of that openid.
func (d *scaffoldDoc) of(openID string) {
	d.openID = openID
	d.has("openid", openID)
}

// again has the document be of the same person as one before, with nothing new.
func (d *scaffoldDoc) again(before int) {
	d.of(formerID(d.n - before))
	d.want = d.earlier[d.openID]
	delete(d.fields, "nickName")
	delete(d.fields, "avatarUrl")
}
