// Calls a webhook as the API server does, with Go's own transport, and counts what goes wrong.
//
//	apiserver gaps    [OPTION ...]   idle times around every timeout between the requests of a connection
//	apiserver steady  [OPTION ...]   one request after the other, some on new connections, the authority re-read
//	apiserver hostile [OPTION ...]   good requests, timed, while others misbehave
//
// What it found is one line of JSON. Its input is not read; SIGTERM ends it early, with what it has.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type options struct {
	url, name, ca, body, expect, endpoints string
	idle, patience                         time.Duration
	requests, concurrency                  int
	length                                 time.Duration
	rate, fresh                            float64
	seed                                   uint64
	around                                 []time.Duration
	spread                                 float64
	crowd                                  crowd
}

func main() {
	modes := map[string]func(context.Context, *caller, options) any{
		"gaps": gaps, "steady": steady, "hostile": hostile,
	}
	if len(os.Args) < 2 || modes[os.Args[1]] == nil {
		fail(fmt.Errorf("say gaps, steady or hostile"))
	}
	told := parse(os.Args[1], os.Args[2:])
	caller, err := newCaller(told)
	if err != nil {
		fail(err)
	}
	until, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := json.NewEncoder(os.Stdout).Encode(modes[os.Args[1]](until, caller, told)); err != nil {
		fail(err)
	}
}

func parse(mode string, arguments []string) options {
	var told options
	flags := flag.NewFlagSet(mode, flag.ExitOnError)
	flags.StringVar(&told.url, "url", "", "where reviews go, as https://localhost:8443/validate")
	flags.StringVar(&told.name, "name", "", "name in the certificate, if not the URL's host")
	flags.StringVar(&told.ca, "ca", "", "file with the authorities, as caBundle has them; re-read when it changes")
	flags.StringVar(&told.body, "body", "", "file with the review")
	flags.StringVar(&told.expect, "expect", "", "verdict expected: allow, deny, or nothing to take any")
	flags.StringVar(&told.endpoints, "endpoints", "",
		"file with addresses, one a line, re-read when it changes: new connections go to any of them")
	flags.DurationVar(&told.idle, "idle-timeout", 90*time.Second, "time after which an idle connection is closed")
	flags.DurationVar(&told.patience, "patience", 10*time.Second, "time for one call, in ?timeout= as well")
	flags.IntVar(&told.requests, "requests", 0, "requests to make, if no time is given")
	flags.DurationVar(&told.length, "seconds", 0, "time to make them in, as 30s")
	flags.IntVar(&told.concurrency, "concurrency", 16, "callers at once")
	flags.Uint64Var(&told.seed, "seed", 1, "of what is random")
	if mode != "gaps" {
		flags.Float64Var(&told.rate, "rate", 0, "requests a second; 0 asks again as soon as answered")
		flags.Float64Var(&told.fresh, "new", 0, "share of requests that open a connection of their own")
	}
	around := ""
	if mode == "gaps" {
		flags.StringVar(&around, "around", "2s", "timeouts to call around, as 200ms,2s,5s")
		flags.Float64Var(&told.spread, "spread", 0.1, "how far around, as a share of the timeout")
	}
	if mode == "hostile" {
		told.crowd.flags(flags)
	}
	flags.Parse(arguments)
	if told.requests <= 0 && told.length <= 0 {
		fail(fmt.Errorf("say -requests or -seconds"))
	}
	for each := range strings.SplitSeq(around, ",") {
		if each == "" {
			continue
		}
		parsed, err := time.ParseDuration(each)
		if err != nil {
			fail(err)
		}
		told.around = append(told.around, parsed)
	}
	return told
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}
