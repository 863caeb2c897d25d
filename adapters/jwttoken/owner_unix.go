//go:build unix

package jwttoken

import (
	"os"
	"syscall"
)

// handOver gives a file that root makes in dir to dir's owner. A key that root's
// daily job made and the service cannot read would be noticed when the last one
// that it can read has retired.
func handOver(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}
