package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AvatarStore = (*AvatarStore)(nil)

// avatarChunk is how much of a picture is in one document: nearly every one whole.
const avatarChunk = 255 << 10

// AvatarStore implements ports.AvatarStore on GridFS, in the bucket "avatars", so
// that the tools for it see the pictures. The driver's own way would take 16 MiB
// for each upload, and keys by which nobody finds what is left of one that was
// broken off. Here all keys follow from the picture's name, which begins with its
// owner: what is done twice is the same once more, and an owner's is what lies
// between two keys, whether its picture was finished or not. The index of keys is
// the only one that this needs.
type AvatarStore struct {
	files  *mongo.Collection
	chunks *mongo.Collection
	calls  *calls
	clock  ports.Clock
}

// NewAvatarStore returns the store of the pictures in s.
func NewAvatarStore(s *Store) *AvatarStore {
	db := s.users.Database()
	return &AvatarStore{db.Collection("avatars.files"), db.Collection("avatars.chunks"), &s.calls, s.clock}
}

// The documents of GridFS.
// https://github.com/mongodb/specifications/blob/master/source/gridfs/gridfs-spec.md
type (
	avatarFile struct {
		Name     domain.AvatarName `bson:"_id"`
		Length   int64             `bson:"length"`
		Chunk    int32             `bson:"chunkSize"`
		At       time.Time         `bson:"uploadDate"`
		Filename domain.AvatarName `bson:"filename"`
		Metadata avatarMetadata    `bson:"metadata"`
	}
	avatarMetadata struct {
		ContentType string `bson:"contentType"`
	}
	avatarPart struct {
		Key  string            `bson:"_id"`
		Name domain.AvatarName `bson:"files_id"`
		N    int32             `bson:"n"`
		Data bson.Binary       `bson:"data"`
	}
)

// The filters are types, not maps: no value can become an operator.
type (
	byKey struct {
		Key string `bson:"_id"`
	}
	withPrefix struct {
		Key beginning `bson:"_id"`
	}
	// beginning is of keys that begin with the same. No character of a name, nor what
	// follows one in the key of a chunk, is behind the tilde.
	beginning struct {
		From string `bson:"$gte"`
		To   string `bson:"$lt"`
	}
)

func partKey(name domain.AvatarName, n int32) string {
	return string(name) + "/" + strconv.Itoa(int(n))
}

var errAvatarName = errors.New("it is no avatar's name")

// Put implements ports.AvatarStore. The file comes last: without it nobody sees
// the chunks.
func (s *AvatarStore) Put(ctx context.Context, name domain.AvatarName, picture []byte) error {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return fmt.Errorf("mongodb: put avatar: %w", errAvatarName)
	}
	file := avatarFile{
		Name: name, Length: int64(len(picture)), Chunk: avatarChunk, At: s.clock.Now(),
		Filename: name, Metadata: avatarMetadata{"image/jpeg"},
	}
	for n := range file.parts() {
		data := picture[int(n)*avatarChunk : min(int(n+1)*avatarChunk, len(picture))]
		part := avatarPart{partKey(name, n), name, n, bson.Binary{Data: data}}
		if err := s.replace(ctx, s.chunks, part.Key, part); err != nil {
			return fmt.Errorf("mongodb: put avatar: %w", meaning(err))
		}
	}
	if err := s.replace(ctx, s.files, string(name), file); err != nil {
		return fmt.Errorf("mongodb: put avatar: %w", meaning(err))
	}
	return nil
}

// parts is how many chunks the file has.
func (f avatarFile) parts() int32 {
	return int32((f.Length + avatarChunk - 1) / avatarChunk) //nolint:gosec // pictures are small
}

func (s *AvatarStore) replace(ctx context.Context, in *mongo.Collection, key string, document any) error {
	return s.calls.write(ctx, func(ctx context.Context) error {
		_, err := in.ReplaceOne(ctx, byKey{key}, document, options.Replace().SetUpsert(true))
		return err
	})
}

// Get implements ports.AvatarStore. A file without a chunk is one that a deletion
// at the same time took it from.
func (s *AvatarStore) Get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	picture, err := s.get(ctx, name)
	if errors.Is(err, mongo.ErrNoDocuments) {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("mongodb: get avatar: %w", meaning(err))
	}
	return picture, nil
}

func (s *AvatarStore) get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return nil, domain.ErrNotFound
	}
	var file avatarFile
	if err := s.find(ctx, s.files, string(name), &file); err != nil {
		return nil, err
	}
	var picture []byte
	for n := range file.parts() {
		var part avatarPart
		if err := s.find(ctx, s.chunks, partKey(name, n), &part); err != nil {
			return nil, err
		}
		picture = append(picture, part.Data.Data...)
	}
	if file.Chunk != avatarChunk || int64(len(picture)) != file.Length {
		return nil, errMalformed
	}
	return picture, nil
}

func (s *AvatarStore) find(ctx context.Context, in *mongo.Collection, key string, into any) error {
	return s.calls.run(ctx, func(ctx context.Context) error { return in.FindOne(ctx, byKey{key}).Decode(into) })
}

// Delete implements ports.AvatarStore.
func (s *AvatarStore) Delete(ctx context.Context, name domain.AvatarName) error {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return nil // nothing was ever put under it
	}
	if err := s.deleteFrom(ctx, string(name)); err != nil {
		return fmt.Errorf("mongodb: delete avatar: %w", meaning(err))
	}
	return nil
}

// DeleteAll implements ports.AvatarStore.
func (s *AvatarStore) DeleteAll(ctx context.Context, owner domain.AvatarOwner) error {
	if len(owner) != domain.AvatarOwnerLength {
		return nil // nothing was ever put under it
	}
	if err := s.deleteFrom(ctx, string(owner)); err != nil {
		return fmt.Errorf("mongodb: delete avatars: %w", meaning(err))
	}
	return nil
}

// deleteFrom removes all whose keys begin with prefix. The files go first, so that
// none is there without its chunks.
func (s *AvatarStore) deleteFrom(ctx context.Context, prefix string) error {
	filter := withPrefix{beginning{prefix, prefix + "~"}}
	if err := s.remove(ctx, s.files, filter); err != nil {
		return err
	}
	return s.remove(ctx, s.chunks, filter)
}

func (s *AvatarStore) remove(ctx context.Context, from *mongo.Collection, filter any) error {
	return s.calls.update(ctx, func(ctx context.Context) error {
		_, err := from.DeleteMany(ctx, filter)
		return err
	})
}
