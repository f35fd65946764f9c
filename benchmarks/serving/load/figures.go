package main

import (
	"math"
	"slices"
	"time"
)

// What was found, in milliseconds where it is a latency.
type figures struct {
	Requests  int                `json:"requests"`
	Seconds   float64            `json:"seconds"`
	Errors    map[string]int     `json:"errors"`
	Connected int                `json:"connected"`
	Latency   map[string]float64 `json:"latency"`
	Histogram []bucket           `json:"histogram"`
}

// Answers that took less than so many milliseconds, and not less than the bucket before says.
type bucket struct {
	Below float64 `json:"below"`
	Count int     `json:"count"`
}

func figuresOf(clients []*client, took time.Duration, unsent int) figures {
	found := figures{Seconds: took.Seconds(), Errors: map[string]int{}, Latency: map[string]float64{}}
	var all []time.Duration
	for _, each := range clients {
		all = append(all, each.latencies...)
		found.Connected += each.connected
		for kind, count := range each.errors {
			found.Errors[kind] += count
		}
	}
	if unsent > 0 {
		found.Errors["unsent"] = unsent
	}
	slices.Sort(all)
	found.Requests = len(all)
	if len(all) == 0 {
		return found
	}
	for name, share := range map[string]float64{"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1} {
		at := int(math.Ceil(share*float64(len(all)))) - 1
		found.Latency[name] = milliseconds(all[max(at, 0)])
	}
	limit, begin := 0.125, 0
	for begin < len(all) {
		end, _ := slices.BinarySearchFunc(all, limit, func(each time.Duration, limit float64) int {
			if milliseconds(each) < limit {
				return -1
			}
			return 1
		})
		found.Histogram = append(found.Histogram, bucket{limit, end - begin})
		begin, limit = end, limit*math.Sqrt2
	}
	return found
}

func milliseconds(each time.Duration) float64 { return float64(each) / float64(time.Millisecond) }
