package avatars

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// MakerModule plugs the maker into its port. It needs nothing.
var MakerModule = fx.Module("avatars",
	fx.Provide(fx.Annotate(NewAvatarMaker, fx.As(new(ports.AvatarMaker)))),
)

// StoreModule plugs the directory into the port of the store. It needs a
// config.Avatars. The directory is made and opened only if the store is in use.
var StoreModule = fx.Module("avatars-directory",
	fx.Provide(fx.Private, fx.Annotate(NewAvatarStore,
		fx.OnStart((*AvatarStore).Open),
		fx.OnStop((*AvatarStore).Close),
	)),
	fx.Provide(func(s *AvatarStore) ports.AvatarStore { return s }),
)
