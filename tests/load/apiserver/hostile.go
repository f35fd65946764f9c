package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// How many misbehave at once, in which way.
type crowd struct {
	stalledHandshakes, stalledBodies, idle, idleTLS, neverClosing, trickling int
	hold, gathering                                                          time.Duration
	once                                                                     bool
}

func (c *crowd) flags(flags *flag.FlagSet) {
	flags.IntVar(&c.stalledHandshakes, "stalled-handshakes", 0, "send five bytes of a handshake, and stop")
	flags.IntVar(&c.stalledBodies, "stalled-bodies", 0, "send half of a body, and stop")
	flags.IntVar(&c.idle, "idle", 0, "connect, and say nothing")
	flags.IntVar(&c.idleTLS, "idle-tls", 0, "shake hands, and say nothing more")
	flags.IntVar(&c.neverClosing, "never-closing", 0, "ask for the end of the connection, and do not close it")
	flags.IntVar(&c.trickling, "trickling", 0, "send a body by a byte every 200 ms")
	flags.DurationVar(&c.hold, "hold", 2*time.Second, "time that those who never close hold on")
	flags.BoolVar(&c.once, "once", false, "stay away once cut off; else come again, so that there are always so many")
	flags.DurationVar(&c.gathering, "gathering", 60*time.Second, "time to get them all connected")
}

// What became of one kind: how many stood ready when the good requests began, how many connections were made in
// all, how many the server ended, and how many it did not take.
type fate struct {
	Wanted  int `json:"wanted"`
	Ready   int `json:"ready"`
	Opened  int `json:"opened"`
	Ended   int `json:"ended"`
	Refused int `json:"refused"`
}

// Nobody ended it but we.
var errOurs = errors.New("let go")

// Between attempts of one that misbehaves.
const again = 50 * time.Millisecond

// At most so many of them connect at once: the queue of a listening socket is not what is tried.
const connectedAtOnce = 32

type hostiles struct {
	caller *caller
	told   options
	roots  *x509.CertPool
	places chan struct{}
	lock   sync.Mutex
	fates  map[string]*fate
}

// Those who misbehave connect first; good requests begin when all of them do. Whoever is cut off comes again,
// unless told otherwise.
func hostile(until context.Context, c *caller, told options) any {
	roots, _, err := c.authorities.now()
	if err != nil {
		fail(err)
	}
	h := &hostiles{
		caller: c, told: told, roots: roots, places: make(chan struct{}, connectedAtOnce), fates: map[string]*fate{},
	}
	ctx, stop := context.WithCancel(until)
	var done, ready sync.WaitGroup
	kinds := []struct {
		name   string
		number int
		act    func(context.Context, func()) error
	}{
		{"stalled-handshakes", told.crowd.stalledHandshakes, h.stallHandshake},
		{"stalled-bodies", told.crowd.stalledBodies, h.stallBody},
		{"idle", told.crowd.idle, h.beIdle},
		{"idle-tls", told.crowd.idleTLS, h.beIdleTLS},
		{"never-closing", told.crowd.neverClosing, h.neverClose},
		{"trickling", told.crowd.trickling, h.trickle},
	}
	for _, kind := range kinds {
		if kind.number == 0 {
			continue
		}
		fate := &fate{Wanted: kind.number}
		h.fates[kind.name] = fate
		ready.Add(kind.number)
		for range kind.number {
			done.Go(func() { h.misbehave(ctx, fate, kind.act, ready.Done) })
		}
	}
	gathered := make(chan struct{})
	go func() { ready.Wait(); close(gathered) }()
	select {
	case <-gathered:
	case <-time.After(told.crowd.gathering):
	case <-until.Done():
	}
	record := newRecord()
	keepAsking(until, c, told, record)
	found := record.figures(c)
	stop()
	done.Wait()
	found.Crowd = h.fates
	return found
}

func (h *hostiles) misbehave(ctx context.Context, fate *fate, act func(context.Context, func()) error, ready func()) {
	var first sync.Once
	for ctx.Err() == nil {
		stands := func() {
			h.lock.Lock()
			fate.Opened++
			h.lock.Unlock()
			first.Do(func() {
				h.lock.Lock()
				fate.Ready++
				h.lock.Unlock()
				ready()
			})
		}
		err := act(ctx, stands)
		h.lock.Lock()
		switch {
		case ctx.Err() != nil, errors.Is(err, errOurs):
		case err == nil:
			fate.Ended++
		default:
			fate.Refused++
		}
		h.lock.Unlock()
		if h.told.crowd.once && err == nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

func (h *hostiles) connect(ctx context.Context) (net.Conn, error) {
	h.places <- struct{}{}
	defer func() { <-h.places }()
	dialer := net.Dialer{Timeout: h.told.patience}
	return dialer.DialContext(ctx, "tcp", h.caller.host)
}

func (h *hostiles) connectTLS(ctx context.Context) (*tls.Conn, error) {
	plain, err := h.connect(ctx)
	if err != nil {
		return nil, err
	}
	name := h.told.name
	if name == "" {
		name, _, _ = net.SplitHostPort(h.caller.host)
	}
	secured := tls.Client(plain, &tls.Config{RootCAs: h.roots, ServerName: name, NextProtos: []string{"http/1.1"}})
	plain.SetDeadline(time.Now().Add(h.told.patience))
	if err := secured.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, err
	}
	plain.SetDeadline(time.Time{})
	return secured, nil
}

// Wait until the server ends the connection or we are done, and only then close it.
func held(ctx context.Context, connection net.Conn) {
	stop := context.AfterFunc(ctx, func() { connection.SetDeadline(time.Now()) })
	defer stop()
	io.Copy(io.Discard, connection)
	connection.Close()
}

func (h *hostiles) stallHandshake(ctx context.Context, stands func()) error {
	plain, err := h.connect(ctx)
	if err != nil {
		return err
	}
	// The record layer of a ClientHello: type, version and length, and nothing of what it announces.
	if _, err := plain.Write([]byte{22, 3, 1, 2, 0}); err != nil {
		plain.Close()
		return err
	}
	stands()
	held(ctx, plain)
	return nil
}

func (h *hostiles) beIdle(ctx context.Context, stands func()) error {
	plain, err := h.connect(ctx)
	if err != nil {
		return err
	}
	stands()
	held(ctx, plain)
	return nil
}

func (h *hostiles) beIdleTLS(ctx context.Context, stands func()) error {
	secured, err := h.connectTLS(ctx)
	if err != nil {
		return err
	}
	stands()
	held(ctx, secured)
	return nil
}

func (h *hostiles) head(ending string) []byte {
	return fmt.Appendf(nil, "POST /validate?timeout=10s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\n%s\r\n", h.caller.host, len(h.caller.review), ending)
}

func (h *hostiles) stallBody(ctx context.Context, stands func()) error {
	secured, err := h.connectTLS(ctx)
	if err != nil {
		return err
	}
	half := h.caller.review[:len(h.caller.review)/2]
	if _, err := secured.Write(append(h.head(""), half...)); err != nil {
		secured.Close()
		return err
	}
	stands()
	held(ctx, secured)
	return nil
}

func (h *hostiles) trickle(ctx context.Context, stands func()) error {
	secured, err := h.connectTLS(ctx)
	if err != nil {
		return err
	}
	defer secured.Close()
	if _, err := secured.Write(h.head("")); err != nil {
		return err
	}
	stands()
	for _, each := range h.caller.review {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := secured.Write([]byte{each}); err != nil {
			return nil
		}
	}
	held(ctx, secured)
	return nil
}

// The answer is read, the end of the connection is not answered: not by TLS, and not by TCP.
func (h *hostiles) neverClose(ctx context.Context, stands func()) error {
	secured, err := h.connectTLS(ctx)
	if err != nil {
		return err
	}
	defer secured.NetConn().Close()
	if _, err := secured.Write(append(h.head("Connection: close\r\n"), h.caller.review...)); err != nil {
		return err
	}
	secured.SetReadDeadline(time.Now().Add(h.told.patience))
	if _, err := secured.Read(make([]byte, 512)); err != nil {
		return err
	}
	stands()
	select {
	case <-ctx.Done():
	case <-time.After(h.told.crowd.hold):
	}
	return errOurs
}
