package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// Bytes that Go's HTTP transport, which the API server uses, collects before it writes them.
const writtenAtOnce = 4096

// What is asked of whom.
type target struct {
	address  string
	tls      *tls.Config
	request  []byte
	verdict  []byte
	patience time.Duration
}

func newTarget(address, name, path, ca, body, expect string, patience time.Duration) (*target, error) {
	authority, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s: no certificate in it", ca)
	}
	review, err := os.ReadFile(body)
	if err != nil {
		return nil, err
	}
	// The order of the headers is that of Go's transport.
	head := fmt.Sprintf("POST %s?timeout=10s HTTP/1.1\r\nHost: %s\r\nUser-Agent: kube-apiserver-admission\r\n"+
		"Content-Length: %d\r\nAccept: application/json, */*\r\nContent-Type: application/json\r\n"+
		"Accept-Encoding: gzip\r\n\r\n", path, address, len(review))
	verdicts := map[string]string{"": "", "allow": `"allowed":true`, "deny": `"allowed":false`}
	verdict, known := verdicts[expect]
	if !known {
		return nil, fmt.Errorf("no such verdict: %s", expect)
	}
	return &target{
		address:  address,
		tls:      &tls.Config{RootCAs: roots, ServerName: name, NextProtos: []string{"http/1.1"}},
		request:  append([]byte(head), review...),
		verdict:  []byte(verdict),
		patience: patience,
	}, nil
}

// A connection, and room for the answers on it.
type connection struct {
	tls    *tls.Conn
	in     *bufio.Reader
	answer []byte
}

func (t *target) connect() (*connection, error) {
	dialer := net.Dialer{Timeout: t.patience}
	plain, err := dialer.Dial("tcp", t.address)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(plain, t.tls)
	secured.SetDeadline(time.Now().Add(t.patience))
	if err := secured.Handshake(); err != nil {
		plain.Close()
		return nil, err
	}
	return &connection{tls: secured, in: bufio.NewReaderSize(secured, 8192)}, nil
}

// What is wrong with an answer; a connection that brought one goes on.
type wrong string

func (w wrong) Error() string { return string(w) }

var (
	errClosed    = errors.New("closed")
	errMalformed = errors.New("malformed answer")
	errClosing   = errors.New("closing")
)

// The verdict asked for and awaited. errClosing means that all was well, and that the server ends the connection.
func (c *connection) ask(t *target) error {
	c.tls.SetDeadline(time.Now().Add(t.patience))
	for rest := t.request; len(rest) > 0; {
		part := rest[:min(len(rest), writtenAtOnce)]
		if _, err := c.tls.Write(part); err != nil {
			return err
		}
		rest = rest[len(part):]
	}
	status, length, closing, err := c.head()
	if err != nil {
		return err
	}
	if length < 0 {
		err = c.chunks()
	} else {
		err = c.body(length)
	}
	if err != nil {
		return err
	}
	if status != 200 {
		err = wrong("status " + strconv.Itoa(status))
	} else if !bytes.Contains(c.answer, t.verdict) {
		err = wrong("verdict")
	}
	if closing {
		return errors.Join(errClosing, err)
	}
	return err
}

// Status, length (-1 for chunks) and whether the connection ends. The length must be said.
func (c *connection) head() (status, length int, closing bool, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		if err == io.EOF {
			err = errClosed
		}
		return 0, 0, false, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return 0, 0, false, errMalformed
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, false, errMalformed
	}
	length = -2
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return 0, 0, false, cutOff(err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(string(value)); err != nil || length < 0 {
				return 0, 0, false, errMalformed
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			length = -1
		case bytes.EqualFold(name, []byte("connection")):
			closing = bytes.EqualFold(value, []byte("close"))
		}
	}
	if length == -2 {
		return 0, 0, false, errMalformed
	}
	return status, length, closing, nil
}

func (c *connection) body(length int) error {
	c.answer = c.answer[:0]
	return c.more(length)
}

func (c *connection) more(length int) error {
	begin := len(c.answer)
	if begin+length > cap(c.answer) {
		c.answer = append(make([]byte, 0, begin+length+4096), c.answer...)
	}
	c.answer = c.answer[:begin+length]
	_, err := io.ReadFull(c.in, c.answer[begin:])
	return cutOff(err)
}

func (c *connection) chunks() error {
	c.answer = c.answer[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return cutOff(err)
		}
		size, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 32)
		if err != nil || size < 0 {
			return errMalformed
		}
		if err := c.more(int(size)); err != nil {
			return err
		}
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return cutOff(err)
		}
		if len(bytes.TrimRight(line, "\r\n")) != 0 {
			return errMalformed
		}
		if size == 0 {
			return nil
		}
	}
}

var errCut = errors.New("cut off")

func cutOff(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errCut
	}
	return err
}

// One word or two for what went wrong.
func kindOf(err error) string {
	var verification *tls.CertificateVerificationError
	var told wrong
	switch {
	case errors.As(err, &told):
		return string(told)
	case errors.Is(err, errClosed), errors.Is(err, errCut), errors.Is(err, errMalformed):
		return err.Error()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.As(err, &verification):
		return "certificate"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "closed"
	}
	return "other: " + err.Error()
}
