package integration

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// person is somebody of whom everything is known that the service may know.
type person struct {
	login    testkit.Login
	canaries map[string]string
}

// known makes a person known.
func (w operated) known(t *testing.T, name, phone string) person {
	t.Helper()
	_, err := w.wechat.PutPerson(wechatsim.Person{Name: name, Nickname: "canary-name-" + name, Avatar: "https://thirdwx.qlogo.cn/canary-" + name, Phone: phone})
	must(t, err)
	device := "canary-device-" + name
	login := w.Post("/v1/login", map[string]any{
		"code": w.code(t, name), "device": map[string]any{"id": device, "name": "canary-phone-" + name},
	}).Login(t)
	w.Put("/v1/me/profile", login.AccessToken, w.openData(t, name, "userinfo")).User(t)
	w.bind(t, login, w.phoneCode(t, name)).User(t)
	user := w.Upload("/v1/me/avatar", login.AccessToken, picture(t, 64, 64)).User(t)
	openID, _, err := w.wechat.Identity("", name)
	must(t, err)
	key, err := w.wechat.SessionKey("", name)
	must(t, err)
	stored, err := w.do.Users.User(t.Context(), domain.UserID(login.User.ID))
	must(t, err)
	return person{login, map[string]string{
		"openid": openID, "name": "canary-name-" + name, "WeChat's avatar": "thirdwx.qlogo.cn/canary-" + name,
		"device": device, "device name": "canary-phone-" + name, "session_key": key, "number": phone,
		"sealed number": stored.Phone.Text, "index of the number": string(stored.Phone.Index), "avatar": filepath.Base(user.AvatarURL),
	}}
}

// never are the canaries that nothing ever holds, erased or not.
var never = map[string]bool{"session_key": true, "number": true}

// found returns which canaries of a person a dump of everything that is stored
// holds.
func found(t *testing.T, cfg config.Config, who person) map[string]bool {
	t.Helper()
	all := dump(t, cfg)
	held := map[string]bool{}
	for name, canary := range who.canaries {
		if bytes.Contains(all, []byte(canary)) {
			held[name] = true
		}
	}
	return held
}

// mustHold fails unless everything of a person is stored that may be.
func mustHold(t *testing.T, cfg config.Config, who person, want bool) {
	t.Helper()
	held := found(t, cfg, who)
	for name := range who.canaries {
		if held[name] != (want && !never[name]) {
			t.Errorf("the dump holds the %s: %v", name, held[name])
		}
	}
}

// dump returns all bytes that are stored, names of files included.
func dump(t *testing.T, cfg config.Config) []byte {
	t.Helper()
	var all bytes.Buffer
	for _, dir := range []string{cfg.SQLite.Dir, cfg.Avatars.Dir} {
		if dir != "" && dir != config.InMemory {
			dumpFiles(t, &all, dir)
		}
	}
	if cfg.MongoDB.Used() {
		dumpCollections(t, &all, cfg.MongoDB.URI.Reveal())
	}
	return all.Bytes()
}

func dumpFiles(t *testing.T, to *bytes.Buffer, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		to.WriteString(path + "\n")
		content, err := os.ReadFile(path)
		to.Write(content)
		return err
	})
	must(t, err)
}

func dumpCollections(t *testing.T, to *bytes.Buffer, uri string) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetTimeout(20 * time.Second))
	must(t, err)
	defer func() { must(t, client.Disconnect(t.Context())) }()
	names, err := client.ListDatabaseNames(t.Context(), bson.D{})
	must(t, err)
	for _, name := range names {
		if !bytes.Contains([]byte(uri), []byte("/"+name)) {
			continue
		}
		collections, err := client.Database(name).ListCollectionNames(t.Context(), bson.D{})
		must(t, err)
		for _, collection := range collections {
			cursor, err := client.Database(name).Collection(collection).Find(t.Context(), bson.D{})
			must(t, err)
			for cursor.Next(t.Context()) {
				to.Write(cursor.Current)
			}
			must(t, cursor.Err())
		}
	}
}
