// The client that the servers are measured with, and the server that judges nothing.
//
//	load -address HOST:PORT -ca FILE -body FILE [-connections N] [-seconds S | -requests N] [-rate R]
//	load respond -address HOST:PORT -cert FILE -key FILE
//
// The client says {"state":"warm"} when all its connections have been used, waits for a line, measures, says
// what it found in one line of JSON, and holds its connections until its input ends.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "respond" {
		respond(os.Args[2:])
		return
	}
	address := flag.String("address", "", "where the server listens")
	name := flag.String("name", "localhost", "name that its certificate is for")
	ca := flag.String("ca", "", "file with the authority of its certificate")
	body := flag.String("body", "", "file with the review to send")
	expect := flag.String("expect", "", "verdict expected: allow, deny, or nothing to take any")
	path := flag.String("path", "/validate", "path that reviews go to")
	connections := flag.Int("connections", 16, "connections kept open")
	length := flag.Duration("seconds", 0, "time to measure, as 3s")
	requests := flag.Int("requests", 0, "requests to measure, where no time is given")
	rate := flag.Float64("rate", 0, "requests a second, at even distances; 0 asks again as soon as answered")
	warm := flag.Duration("warm", time.Second, "time before that, not measured")
	patience := flag.Duration("patience", 10*time.Second, "time for one answer")
	flag.Parse()
	if *length <= 0 && *requests <= 0 {
		fail(fmt.Errorf("say -seconds or -requests"))
	}
	target, err := newTarget(*address, *name, *path, *ca, *body, *expect, *patience)
	if err != nil {
		fail(err)
	}
	clients := connectAll(target, *connections, *warm > 0)
	if *warm > 0 {
		closedLoop(clients, *warm, 0)
	}
	say(map[string]string{"state": "warm"})
	input := bufio.NewReader(os.Stdin)
	input.ReadString('\n')
	for _, each := range clients {
		each.forget()
	}
	began := time.Now()
	unsent := 0
	if *rate > 0 {
		unsent = openLoop(clients, *rate, *length, *requests)
	} else {
		closedLoop(clients, *length, *requests)
	}
	say(figuresOf(clients, time.Since(began), unsent))
	input.ReadString('\n')
}

func say(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}
