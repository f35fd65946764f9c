package main

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// podQuestion asks what each of the standards, written "restricted:v1.30", says of a pod.
type podQuestion struct {
	Pod       json.RawMessage `json:"pod"`
	Standards []string        `json:"standards"`
}

// podAnswer has a verdict for each standard, or why the pod cannot be read.
type podAnswer struct {
	Error    string    `json:"error,omitempty"`
	Verdicts []verdict `json:"verdicts,omitempty"`
}

type verdict struct {
	Allowed  bool      `json:"allowed"`
	Reason   string    `json:"reason"`
	Detail   string    `json:"detail"`
	Findings []finding `json:"findings"`
}

type finding struct {
	Control string `json:"control"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail"`
}

// findings are those of the evaluation under way: results do not say which control they are of.
var findings []finding

var telling = newEvaluator(namedChecks())

// namedChecks are the library's own, each noting in findings what it finds.
func namedChecks() []policy.Check {
	checks := policy.DefaultChecks()
	for _, check := range checks {
		for i := range check.Versions {
			check.Versions[i].CheckPod = noting(string(check.ID), check.Versions[i].CheckPod)
		}
	}
	return checks
}

func newEvaluator(checks []policy.Check) policy.Evaluator {
	evaluator, err := policy.NewEvaluator(checks, nil)
	if err != nil {
		panic(err)
	}
	return evaluator
}

func noting(control string, checkPod policy.CheckPodFn) policy.CheckPodFn {
	return func(metadata *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
		result := checkPod(metadata, spec)
		if !result.Allowed {
			findings = append(findings, finding{control, result.ForbiddenReason, result.ForbiddenDetail})
		}
		return result
	}
}

func judgePod(line []byte) (any, error) {
	var question podQuestion
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	kind := corev1.SchemeGroupVersion.WithKind("Pod")
	object, _, err := decoder.Decode(question.Pod, &kind, nil)
	if err != nil {
		return podAnswer{Error: err.Error()}, nil
	}
	pod, ok := object.(*corev1.Pod)
	if !ok {
		return nil, fmt.Errorf("not a pod: %T", object)
	}
	var answer podAnswer
	for _, text := range question.Standards {
		standard, err := parseStandard(text)
		if err != nil {
			return nil, err
		}
		answer.Verdicts = append(answer.Verdicts, judge(pod, standard))
	}
	return answer, nil
}

func judge(pod *corev1.Pod, standard api.LevelVersion) verdict {
	findings = []finding{}
	result := policy.AggregateCheckResults(telling.EvaluatePod(standard, &pod.ObjectMeta, &pod.Spec))
	return verdict{result.Allowed, result.ForbiddenReason(), result.ForbiddenDetail(), findings}
}

func parseStandard(text string) (api.LevelVersion, error) {
	levelText, versionText, _ := strings.Cut(text, ":")
	level, err := api.ParseLevel(levelText)
	if err != nil {
		return api.LevelVersion{}, fmt.Errorf("standard %q: level %w", text, err)
	}
	version, err := api.ParseVersion(versionText)
	if err != nil {
		return api.LevelVersion{}, fmt.Errorf("standard %q: version %w", text, err)
	}
	return api.LevelVersion{Level: level, Version: version}, nil
}
