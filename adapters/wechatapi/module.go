package wechatapi

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs WeChat's API into its ports.
var Module = fx.Module("wechatapi",
	fx.Provide(fx.Private, fx.Annotate(NewCodeExchanger, fx.OnStop((*CodeExchanger).Close))),
	fx.Provide(
		// By function, since fx.As would hide the type from the stop hook.
		func(x *CodeExchanger) ports.CodeExchanger { return x },
		func(x *CodeExchanger) ports.PlatformProbe { return x },
		fx.Annotate(NewOpenDataReader, fx.As(new(ports.OpenDataReader))),
		fx.Annotate(NewAppDirectory, fx.As(new(ports.AppDirectory))),
	),
)
