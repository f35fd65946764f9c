package main

import (
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/policy"
)

// timingQuestion asks how long the library takes for a pod against one standard, message included.
type timingQuestion struct {
	Pod      json.RawMessage `json:"pod"`
	Standard string          `json:"standard"`
}

type timingAnswer struct {
	Microseconds float64 `json:"microseconds"`
}

const (
	rounds          = 9
	callsInOneRound = 20_000
)

var untold = newEvaluator(policy.DefaultChecks())

// timePod gives the best of several rounds, as machines are shared.
func timePod(line []byte) (any, error) {
	var question timingQuestion
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	standard, err := parseStandard(question.Standard)
	if err != nil {
		return nil, err
	}
	var pod corev1.Pod
	if err := json.Unmarshal(question.Pod, &pod); err != nil {
		return nil, err
	}
	best := time.Duration(1<<63 - 1)
	for range rounds {
		start := time.Now()
		for range callsInOneRound {
			result := policy.AggregateCheckResults(untold.EvaluatePod(standard, &pod.ObjectMeta, &pod.Spec))
			if !result.Allowed {
				_ = fmt.Sprintf("violates PodSecurity %q: %s", standard.String(), result.ForbiddenDetail())
			}
		}
		best = min(best, time.Since(start))
	}
	return timingAnswer{float64(best.Nanoseconds()) / callsInOneRound / 1000}, nil
}
