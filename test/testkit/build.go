package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build makes binaries of commands, as "task build" does, in a directory of their
// own, which the caller removes.
func Build(commands ...string) (dir string, err error) {
	dir, err = os.MkdirTemp("", "wxlogin-built-")
	if err != nil {
		return "", err
	}
	if err := build(dir, commands); err != nil {
		_ = os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// build looks at the sources itself: the test cache sees neither what the compiler
// reads nor package main.
func build(dir string, commands []string) error {
	args := []string{"build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator)}
	for _, command := range commands {
		args = append(args, "wxlogin/cmd/"+command)
		sources, err := filepath.Glob(filepath.Join(Root, "cmd", command, "*.go"))
		if err != nil {
			return err
		}
		for _, source := range sources {
			if _, err := os.ReadFile(source); err != nil {
				return err
			}
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %v: %w\n%s", commands, err, out)
	}
	return nil
}
