package memory_test

import (
	"testing"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/memory"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestAvatarStore(t *testing.T) {
	contract.AvatarStore(t, func(*testing.T) ports.AvatarStore { return memory.NewAvatarStore() })
}

func TestAvatarModulePlugsItsPort(t *testing.T) {
	var store ports.AvatarStore
	fxtest.New(t, memory.AvatarModule, fx.Populate(&store)).RequireStart().RequireStop()
	if store == nil {
		t.Error("got no store")
	}
}
