package cartella

import (
	"errors"
	"hash/fnv"
)

// conLucchetto runs fn while nobody else, in this process or in another one,
// puts files of the folder in their place or removes them: so that nobody comes
// between looking at how old a file is and removing or replacing it. fn must not
// lock again.
func (a *Archivio) conLucchetto(dir string, fn func() error) error {
	h := fnv.New32a()
	_, _ = h.Write([]byte(dir))
	m := &a.lucchetti[h.Sum32()%uint32(len(a.lucchetti))]
	m.Lock()
	defer m.Unlock()
	d, err := a.radice.Open(dir)
	if err != nil {
		return err
	}
	if err := blocca(d); err != nil {
		return errors.Join(err, d.Close())
	}
	err = fn()
	return errors.Join(err, d.Close()) // which unlocks it
}
