package main

import (
	"math"
	"slices"
	"sync"
	"time"
)

// Told of each failure at most so often: the first ones tell enough.
const mostFailures = 20

// What was found; latencies are in milliseconds. Requests are those answered well.
type figures struct {
	Requests    int                `json:"requests"`
	Seconds     float64            `json:"seconds"`
	Errors      map[string]int     `json:"errors"`
	Failures    []failure          `json:"failures"`
	Connections int64              `json:"connections"`
	Authorities int64              `json:"authorities"`
	Latency     map[string]float64 `json:"latency"`
	Crowd       map[string]*fate   `json:"crowd,omitempty"`
}

// One of them: what, when, and after which idle time if that was chosen.
type failure struct {
	Kind string  `json:"kind"`
	Text string  `json:"text"`
	At   float64 `json:"at"`
	Gap  float64 `json:"gap,omitempty"`
}

type record struct {
	lock      sync.Mutex
	began     time.Time
	latencies []time.Duration
	found     figures
}

func newRecord() *record {
	return &record{began: time.Now(), found: figures{
		Errors: map[string]int{}, Failures: []failure{}, Latency: map[string]float64{},
	}}
}

func (r *record) note(intended time.Time, gap time.Duration, err error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err == nil {
		r.latencies = append(r.latencies, time.Since(intended))
		return
	}
	kind := kindOf(err)
	r.found.Errors[kind]++
	if len(r.found.Failures) < mostFailures {
		at := time.Since(r.began).Seconds()
		r.found.Failures = append(r.found.Failures, failure{kind, err.Error(), at, gap.Seconds()})
	}
}

func (r *record) figures(callers ...*caller) figures {
	r.found.Seconds = time.Since(r.began).Seconds()
	for _, each := range callers {
		r.found.Connections += each.opened.Load()
		r.found.Authorities += each.renewed.Load()
	}
	slices.Sort(r.latencies)
	r.found.Requests = len(r.latencies)
	if number := len(r.latencies); number > 0 {
		for name, share := range map[string]float64{"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1} {
			at := max(int(math.Ceil(share*float64(number)))-1, 0)
			r.found.Latency[name] = float64(r.latencies[at]) / float64(time.Millisecond)
		}
	}
	return r.found
}
