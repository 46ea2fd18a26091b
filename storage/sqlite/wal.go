package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// SQLite writes what changes to a file of its own (-wal) and takes it into the
// database, a checkpoint, when it has grown and nobody reads what it holds. Where
// readers always overlap that moment never comes by itself: then the writer
// makes it come, and waits a little for those who are still reading.
const (
	passoWAL   = 4 << 20                // bytes beyond which SQLite takes it in by itself; to which it is cut afterwards
	massimoWAL = 32 << 20               // bytes beyond which the writer waits for readers
	attesaWAL  = 500 * time.Millisecond // for readers, where the file is that long; longer for a longer one
	ogniQuante = 32                     // write transactions between two looks at the file
	pagina     = 4096
)

// contieni keeps the file within bounds. A read that lasts longer than it waits
// puts it off: the file grows meanwhile, and the log says so.
func (s *Store) contieni() {
	if s.scritture.Add(1)%ogniQuante != 0 {
		return
	}
	lungo := s.lungoWAL()
	if lungo <= massimoWAL {
		return
	}
	s.raccogliWAL(min(attesaWAL*time.Duration(lungo/massimoWAL), s.attesa))
	if n := s.lungoWAL(); n > massimoWAL {
		s.logger.Warn("sqlite: una lettura che dura a lungo fa crescere il file -wal", slog.Int64("byte", n))
	}
}

func (s *Store) lungoWAL() int64 {
	info, err := os.Stat(s.percorso + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// raccogliWAL takes all of it into the database, if nobody keeps on reading or
// writing, and empties the file. What it cannot do now the next one does.
func (s *Store) raccogliWAL(attesa time.Duration) {
	ctx := context.Background() // to be stopped half way would leave the connection impatient
	conn, err := s.scrittura.Conn(ctx)
	if err != nil {
		return
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = %d",
		attesa.Milliseconds(), s.attesa.Milliseconds()))
	if err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the pool opens another one
	}
	_ = conn.Close()
}
