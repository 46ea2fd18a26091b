package discopienotest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// variabile tells the test binary that it is the child, and of which test.
const variabile = "PRATICHE_PROVA_DISCO_PIENO"

// Esegui runs prova on an empty disk of that many bytes: a tmpfs in a mount
// namespace of its own. For that it runs the test binary again: in the child
// process the same test calls prova, in the parent it waits for the child and
// takes over its outcome. So the call should be all that the test does, and a
// TestMain must run the tests in the child as well. Where the system grants no
// such namespace the test skips.
func Esegui(t *testing.T, dimensione int64, prova func(t *testing.T, d Disco)) {
	t.Helper()
	switch os.Getenv(variabile) {
	case "":
		affida(t)
		return
	case t.Name():
	default: // the child is for a test below this one
		return
	}
	dir := t.TempDir()
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, fmt.Sprintf("mode=0700,size=%d", dimensione))
	}
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	prova(t, Disco{Dir: dir})
}

// SolaLettura makes the disk read-only; nothing on it may be open for writing.
func (d Disco) SolaLettura(t require.TestingT) {
	require.NoError(t, syscall.Mount("", d.Dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, ""))
}

// affida runs the test in a child process and takes over its outcome.
func affida(t *testing.T) {
	t.Helper()
	uscita, err := figlio(t, syscall.CLONE_NEWUSER|syscall.CLONE_NEWNS)
	if negato(err) && os.Geteuid() == 0 {
		uscita, err = figlio(t, syscall.CLONE_NEWNS)
	}
	switch {
	case negato(err) || strings.Contains(uscita, "--- SKIP: "+t.Name()):
		t.Skipf("disco pieno non provato: il sistema non concede uno spazio di nomi (user.max_user_namespaces > 0, oppure root): %v", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, uscita)
	}
	require.Contains(t, uscita, "--- PASS: "+t.Name(), "the child ran the test")
}

// negato reports whether the system refused to start the child.
func negato(err error) bool {
	var fine *exec.ExitError
	return err != nil && !errors.As(err, &fine)
}

func figlio(t *testing.T, spazi uintptr) (string, error) {
	t.Helper()
	programma, err := os.Executable()
	require.NoError(t, err)
	parti := strings.Split(t.Name(), "/")
	for i, p := range parti {
		parti[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	cmd := exec.CommandContext(t.Context(), programma, "-test.v", "-test.count=1", "-test.run="+strings.Join(parti, "/")) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), variabile+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: spazi}
	if spazi&syscall.CLONE_NEWUSER != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	uscita, err := cmd.CombinedOutput()
	return string(uscita), err
}
