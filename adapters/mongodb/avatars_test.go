package mongodb_test

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
	"wxlogin/test/testkit"
)

func TestAvatarStore(t *testing.T) {
	contract.AvatarStore(t, func(t *testing.T) ports.AvatarStore {
		return mongodb.NewAvatarStore(opened(t, testkit.MongoDB(t)))
	})
}

// avatarOf names a picture of the user.
func avatarOf(user domain.UserID) domain.AvatarName {
	return domain.NewAvatarName(user, domain.NewSecret("0123456789012345678901234567890123456789012"))
}

func TestToolsForGridFSSeeThePictures(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, name, picture := mongodb.NewAvatarStore(opened(t, uri)), avatarOf("u1"), bytes.Repeat([]byte("picture"), 90_000)
	if err := store.Put(t.Context(), name, picture); err != nil {
		t.Fatalf("Put: got %v, want no error", err)
	}
	bucket := raw(t, uri).GridFSBucket(options.GridFSBucket().SetName("avatars"))
	var byID, byName bytes.Buffer
	_, err := bucket.DownloadToStream(t.Context(), name, &byID)
	if err != nil || !bytes.Equal(byID.Bytes(), picture) {
		t.Errorf("by _id: got %d bytes and error %v, want all %d", byID.Len(), err, len(picture))
	}
	_, err = bucket.DownloadToStreamByName(t.Context(), string(name), &byName)
	if err != nil || !bytes.Equal(byName.Bytes(), picture) {
		t.Errorf("by name: got %d bytes and error %v, want all %d", byName.Len(), err, len(picture))
	}
}

func TestWhatIsLeftOfABrokenPutIsNotSeenAndGoesWithItsOwner(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, db, picture := mongodb.NewAvatarStore(opened(t, uri)), raw(t, uri), bytes.Repeat([]byte("picture"), 90_000)
	files, chunks := db.Collection("avatars.files"), db.Collection("avatars.chunks")
	mine, other := avatarOf("u1"), avatarOf("u2")
	for _, name := range []domain.AvatarName{mine, other} {
		if err := store.Put(t.Context(), name, picture); err != nil {
			t.Fatalf("Put: got %v, want no error", err)
		}
	}
	if _, err := files.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: mine}}); err != nil {
		t.Fatal(err)
	}
	wantNoAvatar(t, store, mine)
	if err := store.DeleteAll(t.Context(), mine.Owner()); err != nil {
		t.Errorf("DeleteAll: got %v, want no error", err)
	}
	left, err := chunks.CountDocuments(t.Context(), bson.D{})
	if err != nil || left != 3 {
		t.Errorf("got %d chunks and error %v, want the 3 of the other", left, err)
	}
	if got, err := store.Get(t.Context(), other); err != nil || !bytes.Equal(got, picture) {
		t.Errorf("Get of the other: got %d bytes and error %v, want all", len(got), err)
	}
}

func TestNoPartOfAPictureIsReturned(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, name := mongodb.NewAvatarStore(opened(t, uri)), avatarOf("u1")
	if err := store.Put(t.Context(), name, bytes.Repeat([]byte("picture"), 90_000)); err != nil {
		t.Fatalf("Put: got %v, want no error", err)
	}
	chunks, second := raw(t, uri).Collection("avatars.chunks"), bson.D{{Key: "_id", Value: string(name) + "/1"}}
	short := bson.D{{Key: "$set", Value: bson.D{{Key: "data", Value: []byte("short")}}}}
	if _, err := chunks.UpdateOne(t.Context(), second, short); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(t.Context(), name); err == nil || got != nil {
		t.Errorf("with a chunk too short: got %d bytes and error %v, want none and an error", len(got), err)
	}
	if _, err := chunks.DeleteOne(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	wantNoAvatar(t, store, name)
}

func wantNoAvatar(t *testing.T, store ports.AvatarStore, name domain.AvatarName) {
	t.Helper()
	if got, err := store.Get(t.Context(), name); !errors.Is(err, domain.ErrNotFound) || got != nil {
		t.Errorf("Get: got %d bytes and error %v, want none and %v", len(got), err, domain.ErrNotFound)
	}
}

func TestAvatarsOfAStoreThatIsClosedAreUnavailable(t *testing.T) {
	closed := opened(t, testkit.MongoDB(t))
	if err := closed.Close(t.Context()); err != nil {
		t.Fatalf("Close: got %v, want no error", err)
	}
	store, name := mongodb.NewAvatarStore(closed), avatarOf("u1")
	_, err := store.Get(t.Context(), name)
	for what, err := range map[string]error{
		"Get": err, "Put": store.Put(t.Context(), name, []byte("picture")), "Delete": store.Delete(t.Context(), name), "DeleteAll": store.DeleteAll(t.Context(), name.Owner()),
	} {
		if !errors.Is(err, domain.ErrStoreUnavailable) {
			t.Errorf("%s: got %v, want %v", what, err, domain.ErrStoreUnavailable)
		}
	}
}

func TestPicturesAreKeptByTheModuleForThemAlone(t *testing.T) {
	supplies := fx.Options(fx.NopLogger, fx.Supply(
		config.MongoDB{URI: domain.NewSecret(testkit.MongoDB(t))}, slog.New(slog.DiscardHandler),
		fx.Annotate(&clock{time.Now().UTC()}, fx.As(new(ports.Clock))),
	))
	var store ports.AvatarStore
	var probe ports.Probe
	app := fxtest.New(t, mongodb.ModuleWithAvatars, supplies, fx.Populate(&store, &probe)).RequireStart()
	if err := store.Put(t.Context(), avatarOf("u1"), []byte("picture")); err != nil {
		t.Errorf("Put: got %v, want no error", err)
	}
	app.RequireStop()
	if err := fx.New(mongodb.Module, supplies, fx.Populate(&store)).Err(); err == nil {
		t.Error("Module: got a store of pictures, want none")
	}
}
