package clients

import (
	"os"
	"testing"
)

func TestDemoIsAMiniProgramThatTheToolOpens(t *testing.T) {
	demo(t)
	(&world{}).run(t, "demo/files.test.js")
}

func TestDemoPagesDoWhatTheirPersonAsksFor(t *testing.T) {
	demo(t)
	inWorld(t, nil).run(t, "demo/pages.test.js")
}

// demo skips a test where what draws the demo's pages is missing.
func demo(t testing.TB) {
	t.Helper()
	node(t)
	if _, err := os.Stat("demo/node_modules/miniprogram-simulate"); err != nil {
		missing(t, "npm ci --ignore-scripts in test/clients/demo")
	}
	const folder = "../../clients/demo"
	depend(t, "*.js", "demo/*.js", "demo/*.json", sdk+"/miniprogram_dist/*.js", folder+"/*", folder+"/wxlogin/*", folder+"/pages/*/*")
}
