package mongodb

import (
	"cmp"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/domain"
	"wxlogin/ports"
)

// scaffoldRecord reads a document of the scaffold's as it is: whatever is in a
// field, it is taken for what it should be or not at all.
//
// The scaffold's dates are worth little. Its model sets createAt and updateAt to
// the time at which the scaffold was started, and never changes them. What the
// driver put into the _id is when the document was made, and so when the person
// first logged in; a date that is not before it came from elsewhere, and is believed.
func scaffoldRecord(document bson.Raw) ports.FormerRecord {
	made := madeAt(document)
	seen, flaws := seenAt(document, made)
	user := domain.FormerUser{CreatedAt: made, NicknameAt: made, AvatarAt: made, SeenAt: seen}
	var ok bool
	if user.Profile.Nickname, ok = textIn(document, "nickName"); !ok {
		flaws = append(flaws, domain.FlawNickname)
	}
	if user.Profile.AvatarURL, ok = avatarIn(document); !ok {
		flaws = append(flaws, domain.FlawAvatar)
	}
	openID, ok := textIn(document, "openid")
	user.OpenID = domain.OpenID(openID)
	record := ports.FormerRecord{Key: keyOf(document, user), User: user, Flaws: flaws}
	switch {
	case isOwn(document, user.OpenID):
		record.Refused = domain.FlawOwn
	case !ok:
		record.Refused = domain.FlawOpenID
	}
	return record
}

// isOwn reports whether a document of that openid is a userDocument: the scaffold's
// may have a uid of their own.
func isOwn(document bson.Raw, openID domain.OpenID) bool {
	if document.Lookup("uid").Type != bson.TypeString {
		return false
	}
	app, ok := document.Lookup("app_id").StringValueOK()
	key, _ := document.Lookup("_id").StringValueOK()
	return ok && domain.IdentityKey(key) == domain.WeChatIdentity{AppID: domain.AppID(app), OpenID: openID}.Key()
}

// textIn returns the text in a field, and whether it holds one or nothing.
func textIn(document bson.Raw, field string) (text string, ok bool) {
	value := document.Lookup(field)
	switch value.Type {
	case bson.TypeString:
		return value.StringValue(), true
	case bson.Type(0), bson.TypeNull, bson.TypeUndefined:
		return "", true
	default:
		return "", false
	}
}

// avatarIn returns the first that is of use of avatarUrl, which the scaffold's
// model names, and avatar, which its controller writes; or, if none is, whether both
// hold a text or nothing.
func avatarIn(document bson.Raw) (url string, ok bool) {
	url, ok = textIn(document, "avatarUrl")
	if (domain.Profile{AvatarURL: url}).Known().AvatarURL != "" {
		return url, true
	}
	other, text := textIn(document, "avatar")
	if (domain.Profile{AvatarURL: other}).Known().AvatarURL != "" {
		return other, true
	}
	return cmp.Or(other, url), ok && text
}

// madeAt is when the document was made, or zero where its _id does not say.
func madeAt(document bson.Raw) time.Time {
	id, ok := document.Lookup("_id").ObjectIDOK()
	if !ok || domain.BeforeMiniPrograms(id.Timestamp()) {
		return time.Time{}
	}
	return id.Timestamp().UTC()
}

// seenAt is the latest of the document's dates that is to be believed.
func seenAt(document bson.Raw, made time.Time) (seen time.Time, flaws []domain.Flaw) {
	for _, field := range []string{"createAt", "updateAt"} {
		value := document.Lookup(field)
		if value.Type == bson.Type(0) || value.Type == bson.TypeNull {
			continue
		}
		at, ok := value.TimeOK()
		switch {
		case !ok:
			flaws = append(flaws, domain.FlawDate)
		case made.IsZero() || at.Before(made):
			flaws = append(flaws, domain.FlawScaffoldStart)
		case at.After(seen):
			seen = at.UTC()
		}
	}
	return seen, flaws
}

// keyOf is what the document of user is called: its _id, if that is one of
// MongoDB's own or a text. A text that could be taken for one of MongoDB's own has a
// colon before it.
func keyOf(document bson.Raw, user domain.FormerUser) string {
	value := document.Lookup("_id")
	if id, ok := value.ObjectIDOK(); ok {
		return user.RecordKey(id.Hex())
	}
	text, _ := value.StringValueOK()
	if _, err := bson.ObjectIDFromHex(text); err == nil || strings.HasPrefix(text, ":") {
		text = ":" + text
	}
	return user.RecordKey(text)
}

// idOf is the _id of the document that keyOf calls key.
func idOf(key string) any {
	if id, err := bson.ObjectIDFromHex(key); err == nil {
		return id
	}
	return strings.TrimPrefix(key, ":")
}
