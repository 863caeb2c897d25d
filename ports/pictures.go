package ports

import "context"

// AvatarSide is the width and the height of every avatar, in pixels.
const AvatarSide = 256

// AvatarMaker makes pictures of what people upload.
type AvatarMaker interface {
	// MakeAvatar takes a JPEG, PNG, WebP or GIF of at most 4096 pixels a side, cuts
	// the middle square out of it, and returns that as a JPEG of AvatarSide pixels a
	// side, the right way up and without any of the file's metadata. Of an animation
	// it is the first picture. Everything else is domain.ErrAvatarInvalid, the same for every
	// cause, and so is an image that would take more memory than there is for one;
	// its size is looked at before it is decoded. At most two are decoded at a time.
	// Who waits longer than a few seconds for that gets domain.ErrOverloaded. No
	// input makes it panic.
	MakeAvatar(ctx context.Context, upload []byte) ([]byte, error)
}
