package s3

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// nuovoTrasporto gives connections on which silence has an end. It reads nothing
// from the environment and speaks HTTP/1.1, as S3 does.
func nuovoTrasporto(attesa time.Duration, t *tls.Config) *http.Transport {
	d := net.Dialer{Timeout: min(attesa, 30*time.Second), KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext: func(ctx context.Context, rete, indirizzo string) (net.Conn, error) {
			c, err := d.DialContext(ctx, rete, indirizzo)
			if err != nil {
				return nil, err
			}
			return &connessione{Conn: c, attesa: attesa}, nil
		},
		TLSClientConfig:       t,
		TLSHandshakeTimeout:   min(attesa, 10*time.Second),
		ResponseHeaderTimeout: attesa,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   16,
		// The content is what was stored, also where somebody stored it as gzip.
		DisableCompression: true,
	}
}

// connessione ends with os.ErrDeadlineExceeded where for so long neither side
// moved. Writing pushes the end of reading further too: the answer to a long
// upload is awaited from its beginning.
type connessione struct {
	net.Conn
	attesa time.Duration
}

func (c *connessione) Read(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.attesa)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *connessione) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.attesa)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
