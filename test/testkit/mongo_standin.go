package testkit

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	standInSays  = "listening "
	standInStart = 20 * time.Second
	standInEnd   = 5 * time.Second
)

// startStandIn runs test/mongolite as a child process that ends with this one,
// however that ends. why is told with its kind.
func startStandIn(why string) (*mongoServer, error) {
	program, err := buildStandIn()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "-listen", "127.0.0.1:0", "-stdin")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := func() {
		_ = stdin.Close()
		late := time.AfterFunc(standInEnd, func() { _ = cmd.Process.Kill() })
		defer late.Stop()
		_ = cmd.Wait()
	}
	late := time.AfterFunc(standInStart, func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	late.Stop()
	uri, found := strings.CutPrefix(strings.TrimSpace(line), standInSays)
	if !found {
		stop()
		return nil, errors.Join(fmt.Errorf("the stand-in said %q instead of its address", line), err)
	}
	return &mongoServer{uri: uri, kind: "the stand-in, a child process (" + why + ")", stop: stop}, nil
}

// buildStandIn returns the program of test/mongolite. It is built once for each
// state of its source and kept in the user's cache, since linking it takes
// longer than most tests.
func buildStandIn() (string, error) {
	source, err := standInSource()
	if err != nil {
		return "", err
	}
	name, err := standInName(source)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "wxlogin")
	program := filepath.Join(dir, name)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	// Another test binary may be building it too: each moves its own into place.
	mine := fmt.Sprintf("%s.%d", program, os.Getpid())
	defer func() { _ = os.Remove(mine) }()
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", mine, ".")
	build.Dir = source
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the stand-in: %w\n%s", err, out)
	}
	return program, os.Rename(mine, program)
}

// standInSource finds test/mongolite from the folder of any package of this
// module, where go test runs its tests.
func standInSource() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find this module: %w", err)
	}
	root := filepath.Dir(strings.TrimSpace(string(out)))
	source := filepath.Join(root, "test", "mongolite")
	if _, err := os.Stat(filepath.Join(source, "go.mod")); err != nil {
		return "", errors.New("no stand-in: this is not run inside its module")
	}
	return source, nil
}

// standInName differs for whatever would build another program.
func standInName(source string) (string, error) {
	sum := sha256.New()
	_, _ = fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, file := range []string{"main.go", "go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(source, file))
		if err != nil {
			return "", err
		}
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", file, len(text), text)
	}
	name := "mongolite-" + hex.EncodeToString(sum.Sum(nil)[:6])
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name, nil
}
