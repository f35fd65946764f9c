//go:build tools

// Package tools names the program that is built: promtool of Prometheus.
package tools

import _ "github.com/prometheus/prometheus/cmd/promtool"
