package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Each caller has a connection of its own, and leaves it idle between its requests for about as long as one of
// the timeouts: sooner or later than it, by chance. A server that closes a connection just as a request arrives
// on it is found so.
func gaps(until context.Context, c *caller, told options) any {
	record := newRecord()
	callers := make([]*caller, told.concurrency)
	var taken atomic.Int64
	var done sync.WaitGroup
	for at := range callers {
		callers[at] = c.another()
		random := rand.New(rand.NewPCG(told.seed, uint64(at)))
		done.Go(func() {
			gap := time.Duration(0)
			for until.Err() == nil {
				if told.length > 0 && time.Since(record.began) >= told.length {
					return
				}
				if told.length <= 0 && taken.Add(1) > int64(told.requests) {
					return
				}
				began := time.Now()
				record.note(began, gap, callers[at].ask(false))
				gap = about(told.around[random.IntN(len(told.around))], told.spread, random)
				select {
				case <-until.Done():
				case <-time.After(gap):
				}
			}
		})
	}
	done.Wait()
	return record.figures(callers...)
}

func about(timeout time.Duration, spread float64, random *rand.Rand) time.Duration {
	return time.Duration(float64(timeout) * (1 + spread*(2*random.Float64()-1)))
}
