package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// One request after the other, or at even distances; latencies count from when a request should have started.
func steady(until context.Context, c *caller, told options) any {
	record := newRecord()
	keepAsking(until, c, told, record)
	return record.figures(c)
}

func keepAsking(until context.Context, c *caller, told options, record *record) {
	due := make(chan time.Time)
	var done sync.WaitGroup
	for at := range told.concurrency {
		random := rand.New(rand.NewPCG(told.seed, uint64(at)))
		done.Go(func() {
			for intended := range due {
				if intended.IsZero() {
					intended = time.Now()
				}
				record.note(intended, 0, c.ask(random.Float64() < told.fresh))
			}
		})
	}
	hand(until, told, due)
	close(due)
	done.Wait()
}

// Hands out when each request should start; the zero time means at once. Whoever comes late is still given the
// time that was meant.
func hand(until context.Context, told options, due chan<- time.Time) {
	began := time.Now()
	for at := 0; told.length > 0 || at < told.requests; at++ {
		var next time.Time
		if told.rate > 0 {
			next = began.Add(time.Duration(float64(at) / told.rate * float64(time.Second)))
			time.Sleep(time.Until(next))
		}
		if told.length > 0 && time.Since(began) >= told.length {
			return
		}
		select {
		case <-until.Done():
			return
		case due <- next:
		}
	}
}
