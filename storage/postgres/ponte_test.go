package postgres_test

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// ponte (bridge) stands between a Store and the server. It knows the messages of
// the protocol (postgresql.org/docs/current/protocol-message-formats.html), and
// can break the connection at any of them, or be gone altogether.
type ponte struct {
	t                 testing.TB
	indirizzo, server string

	mu      sync.Mutex
	ascolto net.Listener
	coppie  map[net.Conn]net.Conn
	visti   []messaggio
	taglio  *taglio
	gruppo  sync.WaitGroup
}

type verso byte

const (
	alServer verso = '>'
	daServer verso = '<'
)

type messaggio struct {
	verso verso
	tipo  byte
}

// taglio breaks the connection at the n-th message in a direction, before or
// after it is passed on.
type taglio struct {
	verso verso
	n     int
	dopo  bool
	fatto bool
}

// nuovoPonte gives a bridge to the server of the tests, and the connection
// string that goes over it.
func nuovoPonte(t testing.TB) (*ponte, string) {
	t.Helper()
	u, err := url.Parse(dsn(t))
	require.NoError(t, err)
	p := &ponte{t: t, server: u.Host, coppie: map[net.Conn]net.Conn{}}
	p.alza("127.0.0.1:0")
	u.Host = p.indirizzo
	t.Cleanup(func() {
		p.abbassa()
		p.gruppo.Wait()
	})
	return p, u.String()
}

// alza lets connections come again, at the same address.
func (p *ponte) alza(indirizzo string) {
	l, err := net.Listen("tcp", indirizzo)
	require.NoError(p.t, err)
	p.mu.Lock()
	p.ascolto, p.indirizzo = l, l.Addr().String()
	p.mu.Unlock()
	p.gruppo.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.gruppo.Go(func() { p.accoppia(c) })
		}
	})
}

// abbassa breaks all connections, and refuses those that come.
func (p *ponte) abbassa() {
	p.mu.Lock()
	_ = p.ascolto.Close()
	p.mu.Unlock()
	p.interrompi()
}

// interrompi breaks the connections that there are.
func (p *ponte) interrompi() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for a, b := range p.coppie {
		_, _ = a.Close(), b.Close()
	}
}

func (p *ponte) accoppia(cliente net.Conn) {
	defer cliente.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	p.coppie[cliente] = server
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.coppie, cliente)
		p.mu.Unlock()
	}()
	// The first message has no type; a request to cancel has no answer either.
	if passa(cliente, server, false, nil) != nil {
		return
	}
	p.gruppo.Go(func() {
		for passa(server, cliente, true, p.guarda(daServer)) == nil {
		}
		_, _ = cliente.Close(), server.Close()
	})
	for passa(cliente, server, true, p.guarda(alServer)) == nil {
	}
}

// passa hands one message on; guarda says whether before it the connection is
// broken, and after it.
func passa(da io.Reader, a io.Writer, conTipo bool, guarda func(tipo byte) (prima, dopo bool)) error {
	testa := make([]byte, 4, 5)
	if conTipo {
		testa = testa[:5]
	}
	if _, err := io.ReadFull(da, testa); err != nil {
		return err
	}
	corpo := make([]byte, binary.BigEndian.Uint32(testa[len(testa)-4:])-4)
	if _, err := io.ReadFull(da, corpo); err != nil {
		return err
	}
	prima, dopo := false, false
	if guarda != nil {
		prima, dopo = guarda(testa[0])
	}
	if prima {
		return io.EOF
	}
	if _, err := a.Write(append(testa, corpo...)); err != nil || dopo {
		return io.EOF
	}
	return nil
}

func (p *ponte) guarda(v verso) func(byte) (bool, bool) {
	return func(tipo byte) (prima, dopo bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.visti = append(p.visti, messaggio{v, tipo})
		c := p.taglio
		if c == nil || c.fatto || c.verso != v {
			return false, false
		}
		if c.n--; c.n > 0 {
			return false, false
		}
		c.fatto = true
		return !c.dopo, c.dopo
	}
}

// taglia arranges for a break; it forgets what passed before.
func (p *ponte) taglia(c *taglio) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taglio, p.visti = c, nil
}

// passati gives the messages since the last taglia.
func (p *ponte) passati() []messaggio {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]messaggio{}, p.visti...)
}
