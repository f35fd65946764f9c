package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The settings of the API server's transport: k8s.io/client-go, transport/cache.go.
const (
	idlePerHost      = 25
	handshakePatient = 10 * time.Second
	dialPatient      = 30 * time.Second
)

// Makes calls, as one API server does, on connections that all its calls share.
type caller struct {
	told        options
	address     string
	host        string
	review      []byte
	verdict     []byte
	authorities watched[*x509.CertPool]
	endpoints   watched[[]string]
	lock        sync.Mutex
	transport   *http.Transport
	opened      atomic.Int64
	renewed     atomic.Int64
}

func newCaller(told options) (*caller, error) {
	parsed, err := url.Parse(told.url)
	if err != nil {
		return nil, err
	}
	review, err := os.ReadFile(told.body)
	if err != nil {
		return nil, err
	}
	verdicts := map[string]string{"": "", "allow": `"allowed":true`, "deny": `"allowed":false`}
	verdict, known := verdicts[told.expect]
	if !known {
		return nil, fmt.Errorf("no such verdict: %s", told.expect)
	}
	// As in the API server: the time left, rounded up to seconds.
	seconds := int(math.Ceil(told.patience.Seconds()))
	c := &caller{
		told:        told,
		address:     fmt.Sprintf("%s?timeout=%ds", told.url, seconds),
		host:        parsed.Host,
		review:      review,
		verdict:     []byte(verdict),
		authorities: watched[*x509.CertPool]{path: told.ca, parse: pool},
		endpoints:   watched[[]string]{path: told.endpoints, parse: addresses},
	}
	if _, _, err := c.authorities.now(); err != nil {
		return nil, err
	}
	if told.endpoints != "" {
		if _, _, err := c.endpoints.now(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Another API server, which shares no connections with this one.
func (c *caller) another() *caller {
	other, err := newCaller(c.told)
	if err != nil {
		fail(err)
	}
	return other
}

// A new caBundle means new connections; those of the old one are left to end.
func (c *caller) connections() *http.Transport {
	c.lock.Lock()
	defer c.lock.Unlock()
	roots, changed, _ := c.authorities.now()
	if c.transport == nil || changed {
		if c.transport != nil {
			c.renewed.Add(1)
			old := c.transport
			time.AfterFunc(c.told.patience, old.CloseIdleConnections)
		}
		c.transport = c.newTransport(roots)
	}
	return c.transport
}

func (c *caller) newTransport(roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialPatient, KeepAlive: 30 * time.Second}
	return &http.Transport{
		TLSHandshakeTimeout: handshakePatient,
		TLSClientConfig: &tls.Config{
			RootCAs: roots, ServerName: c.told.name, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12,
		},
		MaxIdleConnsPerHost: idlePerHost,
		IdleConnTimeout:     c.told.idle,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c.opened.Add(1)
			if c.told.endpoints != "" {
				// As a Service does; an unreadable list leaves the last one.
				list, _, _ := c.endpoints.now()
				address = list[rand.IntN(len(list))]
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
}

// Ask once, on a connection of its own if *fresh*; nil if the answer is the one expected.
func (c *caller) ask(fresh bool) error {
	transport := c.connections()
	if fresh {
		roots, _, _ := c.authorities.now()
		transport = c.newTransport(roots)
		defer transport.CloseIdleConnections()
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.told.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(c.review))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json, */*")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "kube-apiserver-admission")
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return wrong(fmt.Sprintf("status %d", response.StatusCode))
	}
	if !bytes.Contains(body, c.verdict) {
		return wrong("verdict")
	}
	return nil
}

func pool(content []byte) (*x509.CertPool, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("no certificate in it")
	}
	return roots, nil
}

func addresses(content []byte) ([]string, error) {
	found := strings.Fields(string(content))
	if len(found) == 0 {
		return nil, fmt.Errorf("no address in it")
	}
	return found, nil
}
