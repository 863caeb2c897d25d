package wafer

import "go.uber.org/fx"

// Module provides the protocol. Who mounts its routes supplies config.Wafer,
// Describe and Picture.
var Module = fx.Module("wafer", fx.Provide(New))
