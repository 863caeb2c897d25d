package clients

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWaferSDKNeedsNoChange runs Tencent's wafer2 client SDK, as npm has it,
// against the service as "dev" starts it.
func TestWaferSDKNeedsNoChange(t *testing.T) {
	t.Parallel()
	node(t)
	depend(t, "*.js", "wafer/*.js*", "sdk/world.js")
	if _, err := os.Stat("wafer/node_modules/wafer2-client-sdk"); err != nil {
		missing(t, "npm ci in test/clients/wafer")
	}
	files, err := filepath.Glob("wafer/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no tests (%v)", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".test.js"), func(t *testing.T) {
			t.Parallel()
			inWorld(t, nil).run(t, file)
		})
	}
}
