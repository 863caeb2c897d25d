package compose

import (
	"go.uber.org/fx"

	"wxlogin/adapters/mongodb"
	"wxlogin/adapters/wafertable"
	"wxlogin/config"
)

// formers are the services whose users can be imported.
var formers = map[string]fx.Option{
	"scaffold": mongodb.ScaffoldModule,
	"wafer":    wafertable.Module,
}

// Former adds the users of another service to Core, which its ImportUseCase needs,
// and reports whether there is a service of the name.
func Former(name string, cfg config.Former) (former fx.Option, known bool) {
	module, known := formers[name]
	return fx.Options(fx.Supply(cfg), module), known
}
