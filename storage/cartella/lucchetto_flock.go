//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package cartella

import (
	"errors"
	"os"
	"syscall"
)

// blocca locks an open folder until it is closed. A file system without locks
// leaves the mutex of this process, as the package comment says.
func blocca(d *os.File) error {
	c, err := d.SyscallConn()
	if err != nil {
		return err
	}
	return c.Control(func(fd uintptr) {
		for errors.Is(syscall.Flock(int(fd), syscall.LOCK_EX), syscall.EINTR) {
			continue
		}
	})
}
