package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// What every review is answered with.
const yes = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":` +
	`{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002","allowed":true}}`

// Answer everything with yes, over TLS, for as little as can be: what client, TLS and kernel cost alone.
func respond(arguments []string) {
	flags := flag.NewFlagSet("respond", flag.ExitOnError)
	address := flags.String("address", "127.0.0.1:0", "where to listen")
	cert := flags.String("cert", "", "file with the certificate")
	key := flags.String("key", "", "file with its key")
	flags.Parse(arguments)
	pair, err := tls.LoadX509KeyPair(*cert, *key)
	if err != nil {
		fail(err)
	}
	listener, err := tls.Listen("tcp", *address, &tls.Config{
		Certificates:           []tls.Certificate{pair},
		NextProtos:             []string{"http/1.1"},
		SessionTicketsDisabled: true,
	})
	if err != nil {
		fail(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			fail(err)
		}
		go answerAll(connection)
	}
}

func answerAll(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReaderSize(connection, 8192)
	answer := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(yes), yes)
	for {
		length := 0
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if line == "\r\n" {
				break
			}
			name, value, _ := strings.Cut(line, ":")
			if strings.EqualFold(name, "content-length") {
				if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
					return
				}
			}
		}
		if _, err := io.CopyN(io.Discard, in, int64(length)); err != nil {
			return
		}
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}
