package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startPatience = 20 * time.Second
	tick          = 10 * time.Millisecond // what /proc counts CPU time in
)

// process is a server that runs.
type process struct {
	cmd     *exec.Cmd
	log     *os.File
	address string
}

// start runs a server on a store of its own, for one job, until it says its
// address. Its log goes to a file, as a real one's would.
func (w *world) start(ctx context.Context, name, job string, settings func(server string) []string) (*process, error) {
	log, err := os.Create(filepath.Join(w.dir, name+"-"+job+".log"))
	if err != nil {
		return nil, err
	}
	args := []string{}
	if name == ours {
		args = append(args, "serve")
	}
	p := &process{cmd: exec.CommandContext(ctx, filepath.Join(w.dir, "bin", name), args...), log: log}
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = w.dir, append(w.env(), settings(name)...), log
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(startPatience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if p.address = said(log.Name()); p.address != "" {
			return p, nil
		}
	}
	text, _ := os.ReadFile(log.Name())
	return nil, errors.Join(fmt.Errorf("%s does not serve: %s", name, text), p.stop())
}

// said returns the address in a log, once it is there.
func said(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			return line.Address
		}
	}
	return ""
}

// stop ends the server in good order.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	err := p.cmd.Wait()
	if err != nil {
		text, _ := os.ReadFile(p.log.Name())
		err = fmt.Errorf("%s: %w; its log ends with\n%s", p.cmd.Path, err, text[max(0, len(text)-2000):])
	}
	return errors.Join(err, p.log.Close())
}

// cpu returns the time that the process has spent so far, the kernel's for it
// included: fields 14 and 15 of stat, which begin after the name in brackets.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("stat has %d fields", len(fields))
	}
	user, inUser := strconv.Atoi(fields[11])
	system, inSystem := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, errors.Join(inUser, inSystem)
}

// memory returns the bytes of the process that are in memory.
func (p *process) memory() (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			return kib << 10, err
		}
	}
	return 0, errors.New("status names no VmRSS")
}
