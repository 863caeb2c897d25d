package wafertable

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the table into ports.FormerUsers. It needs a config.Former.
var Module = fx.Module("wafertable",
	fx.Provide(fx.Private, fx.Annotate(New, fx.OnStop((*Table).Close))),
	fx.Provide(func(t *Table) ports.FormerUsers { return t }),
)
