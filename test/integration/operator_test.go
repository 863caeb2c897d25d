package integration

import (
	"testing"

	"go.uber.org/fx"

	"wxlogin/cmd/compose"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// operating are the use cases of operators' commands.
type operating struct {
	fx.In

	Bans   ports.BanUseCase
	Links  ports.LinkUseCase
	Users  ports.InspectUsersUseCase
	Resets ports.ResetSessionKeyUseCase
	Erase  ports.EraseUseCase
}

// operated is a world whose operator is in the same process.
type operated struct {
	world
	do *operating
}

// operate starts the service of w, which does not run yet.
func operate(t *testing.T, w world) operated {
	t.Helper()
	o := operated{w, &operating{}}
	o.Client = testkit.NewClient(t, testkit.Start(t, w.cfg, fx.Invoke(func(do operating) { *o.do = do })))
	return o
}

// while runs the service of w during a test, and has stopped it when it returns.
func while(t *testing.T, w world, test func(operated)) {
	t.Helper()
	o := operated{w, &operating{}}
	var address compose.Address
	app := fx.New(compose.Service(w.cfg, testkit.Log(t, nil)), fx.Populate(&address), fx.Invoke(func(do operating) { *o.do = do }))
	must(t, app.Start(t.Context()))
	o.Client = testkit.NewClient(t, "http://"+address())
	test(o)
	must(t, app.Stop(t.Context()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
