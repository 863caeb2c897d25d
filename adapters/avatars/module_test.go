package avatars_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/avatars"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestModulesPlugTheirPorts(t *testing.T) {
	var maker ports.AvatarMaker
	var store ports.AvatarStore
	cfg := config.Avatars{Dir: filepath.Join(t.TempDir(), "avatars")}
	app := fxtest.New(t, avatars.MakerModule, avatars.StoreModule, fx.Supply(cfg), fx.Populate(&maker, &store))
	app.RequireStart()
	picture, err := maker.MakeAvatar(t.Context(), jpegFile(t, quarters(30, 40)))
	if err != nil {
		t.Errorf("MakeAvatar: got %v, want no error", err)
	}
	if err := store.Put(t.Context(), name("u1", "a"), picture); err != nil {
		t.Errorf("Put: got %v, want no error", err)
	}
	app.RequireStop()
	_, err = store.Get(t.Context(), name("u1", "a"))
	wantCode(t, err, domain.ErrStoreUnavailable)
}

func TestModuleMakesNoDirectoryUnasked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "avatars")
	fxtest.New(t, avatars.StoreModule, fx.Supply(config.Avatars{Dir: dir})).RequireStart().RequireStop()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got %v, want no directory made", err)
	}
}
