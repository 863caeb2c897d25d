package clients

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sdk is the package of the SDK.
const sdk = "../../clients/miniprogram"

func TestSDK(t *testing.T) {
	t.Parallel()
	node(t)
	depend(t, "*.js", "sdk/*.js", sdk+"/miniprogram_dist/*")
	files, err := filepath.Glob("sdk/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no tests (%v)", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".test.js")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, nil).run(t, file)
		})
	}
}

// TestSDKIsBuilt has npm check that what is committed is what the sources give, is
// ES5, and fits the platforms' own types.
func TestSDKIsBuilt(t *testing.T) {
	t.Parallel()
	node(t)
	depend(t, sdk+"/*", sdk+"/src/*", sdk+"/test/*", sdk+"/test/types/*", sdk+"/miniprogram_dist/*", "../../clients/demo/wxlogin/*", "../../LICENSE")
	if _, err := os.Stat(filepath.Join(sdk, "node_modules", "typescript")); err != nil {
		missing(t, "npm ci in clients/miniprogram")
	}
	cmd := exec.CommandContext(t.Context(), "npm", "run", "check")
	cmd.Dir = sdk
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("npm run check: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "gzipped") {
			t.Log(strings.TrimSpace(line))
		}
	}
}
