package main

import (
	"errors"
	"sync"
	"time"
)

// At the start, at most so many at a time connect.
const connectedAtOnce = 16

// Between attempts at a server that refuses.
const pause = 10 * time.Millisecond

// One caller with one connection at a time.
type client struct {
	target     *target
	connection *connection
	latencies  []time.Duration
	errors     map[string]int
	connected  int
}

// Clients with a connection each. With *greet* each asks once as soon as it is connected, as an API server does,
// which connects when it has something to ask: servers with threads may lose one to each connection that is silent.
// Who is not connected when the patience of a caller has passed is left to connect later.
func connectAll(t *target, number int, greet bool) []*client {
	until := time.Now().Add(t.patience)
	clients := make([]*client, number)
	places := make(chan struct{}, connectedAtOnce)
	var done sync.WaitGroup
	for at := range clients {
		clients[at] = &client{target: t}
		clients[at].forget()
		done.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			if time.Now().Before(until) && clients[at].ensure() && greet {
				clients[at].ask(time.Now())
			}
		})
	}
	done.Wait()
	return clients
}

func (c *client) forget() {
	c.latencies = make([]time.Duration, 0, 1<<12)
	c.errors = map[string]int{}
	c.connected = 0
}

// Whether there is a connection, now.
func (c *client) ensure() bool {
	if c.connection != nil {
		return true
	}
	opened, err := c.target.connect()
	if err != nil {
		c.errors["connect: "+kindOf(err)]++
		return false
	}
	c.connection = opened
	c.connected++
	return true
}

// Ask once; the latency counts from *intended*.
func (c *client) ask(intended time.Time) {
	if !c.ensure() {
		time.Sleep(pause)
		return
	}
	err := c.connection.ask(c.target)
	closing := errors.Is(err, errClosing)
	var told wrong
	understood := errors.As(err, &told)
	if closing && !understood {
		err = nil
	}
	if err != nil {
		c.errors[kindOf(err)]++
	} else {
		c.latencies = append(c.latencies, time.Since(intended))
	}
	if closing || (err != nil && !understood) {
		c.connection.tls.Close()
		c.connection = nil
	}
}

// Each client asks again as soon as it has its answer, for a time or so many requests altogether.
func closedLoop(clients []*client, length time.Duration, requests int) {
	until := time.Now().Add(length)
	var tickets chan struct{}
	if length <= 0 {
		tickets = make(chan struct{}, requests)
		for range requests {
			tickets <- struct{}{}
		}
		close(tickets)
	}
	var done sync.WaitGroup
	for _, each := range clients {
		done.Go(func() {
			for {
				if tickets != nil {
					if _, more := <-tickets; !more {
						return
					}
				} else if !time.Now().Before(until) {
					return
				}
				each.ask(time.Now())
			}
		})
	}
	done.Wait()
}

// Requests start at even distances, whether or not earlier ones were answered: whichever client is free takes
// the next, and its latency counts from when it should have been sent. So a server that stalls is charged with
// all who would have come meanwhile. What waits longer than the patience of a caller is never sent; the number
// of those comes back.
func openLoop(clients []*client, rate float64, length time.Duration, requests int) int {
	if length > 0 {
		requests = int(length.Seconds() * rate)
	}
	due := make(chan time.Time, requests)
	var done sync.WaitGroup
	unsent := make([]int, len(clients))
	for at, each := range clients {
		done.Go(func() {
			for intended := range due {
				if time.Since(intended) > each.target.patience {
					unsent[at]++
					continue
				}
				each.ask(intended)
			}
		})
	}
	began := time.Now()
	for at := range requests {
		next := began.Add(time.Duration(float64(at) / rate * float64(time.Second)))
		if wait := time.Until(next); wait > 0 {
			time.Sleep(wait)
		}
		due <- next
	}
	close(due)
	done.Wait()
	all := 0
	for _, each := range unsent {
		all += each
	}
	return all
}
