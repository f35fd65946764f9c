package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	basemetrics "k8s.io/component-base/metrics"
	"k8s.io/pod-security-admission/admission"
	admissionapi "k8s.io/pod-security-admission/admission/api"
	configuration "k8s.io/pod-security-admission/admission/api/load"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/metrics"
	"k8s.io/pod-security-admission/policy"
)

// The version of the server, known to metrics alone: newer policies count as "future".
var serverVersion = api.MajorMinorVersion(1, 37)

var evaluator = newEvaluator(policy.DefaultChecks())

// requestQuestion is a request, and the world that it comes into.
type requestQuestion struct {
	// Configuration is a PodSecurityConfiguration, as in its file.
	Configuration json.RawMessage `json:"configuration"`
	// Namespaces are those that exist.
	Namespaces map[string]namespaceState     `json:"namespaces"`
	Request    *admissionv1.AdmissionRequest `json:"request"`
}

type namespaceState struct {
	Labels map[string]string `json:"labels"`
	Pods   []*corev1.Pod     `json:"pods"`
	// LookupFails and ListFails are errors that reading the namespace, or its pods, ends in.
	LookupFails string `json:"lookupFails"`
	ListFails   string `json:"listFails"`
}

// requestAnswer is a response with everything that was counted, or why there is none: a configuration that
// is refused, or a crash, which the library's webhook answers with HTTP status 500.
type requestAnswer struct {
	Error    string                         `json:"error,omitempty"`
	Response *admissionv1.AdmissionResponse `json:"response,omitempty"`
	Metrics  []counter                      `json:"metrics"`
}

type counter struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	Value  float64           `json:"value"`
}

type cluster map[string]namespaceState

func (c cluster) GetNamespace(_ context.Context, name string) (*corev1.Namespace, error) {
	namespace, found := c[name]
	if !found {
		return nil, apierrors.NewNotFound(corev1.Resource("namespaces"), name)
	}
	if namespace.LookupFails != "" {
		return nil, errors.New(namespace.LookupFails)
	}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: namespace.Labels}}, nil
}

func (c cluster) ListPods(_ context.Context, namespace string) ([]*corev1.Pod, error) {
	if cause := c[namespace].ListFails; cause != "" {
		return nil, errors.New(cause)
	}
	return c[namespace].Pods, nil
}

func answerRequest(line []byte) (any, error) {
	var question requestQuestion
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	recorder, registry := newRecorder()
	server, err := newServer(question, recorder)
	if err != nil {
		return requestAnswer{Error: err.Error()}, nil
	}
	// Long enough for half of it never to end a check of existing pods: its default is a second.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	response, err := validate(ctx, server, question.Request)
	if err != nil {
		return requestAnswer{Error: err.Error()}, nil
	}
	counters, err := counted(registry)
	return requestAnswer{Response: response, Metrics: counters}, err
}

func validate(
	ctx context.Context, server *admission.Admission, request *admissionv1.AdmissionRequest,
) (response *admissionv1.AdmissionResponse, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	response = server.Validate(ctx, api.RequestAttributes(request, decoder)).DeepCopy()
	response.UID = request.UID
	return response, nil
}

func newServer(question requestQuestion, recorder metrics.Recorder) (*admission.Admission, error) {
	loaded, err := loadConfiguration(question.Configuration)
	if err != nil {
		return nil, err
	}
	server := &admission.Admission{
		Configuration:   loaded,
		Evaluator:       evaluator,
		Metrics:         recorder,
		NamespaceGetter: cluster(question.Namespaces),
		PodLister:       cluster(question.Namespaces),
	}
	if err := server.CompleteConfiguration(); err != nil {
		return nil, fmt.Errorf("configuration error: %w", err)
	}
	if err := server.ValidateConfiguration(); err != nil {
		return nil, fmt.Errorf("invalid configuration: %w", err)
	}
	return server, nil
}

func loadConfiguration(text json.RawMessage) (*admissionapi.PodSecurityConfiguration, error) {
	if string(text) == "null" {
		text = nil // as a file that is empty, or that nobody named
	}
	return configuration.LoadFromData(text)
}

func newRecorder() (metrics.Recorder, basemetrics.KubeRegistry) {
	recorder := metrics.NewPrometheusRecorder(serverVersion)
	registry := basemetrics.NewKubeRegistry()
	recorder.MustRegister(registry.MustRegister)
	return recorder, registry
}

func counted(registry basemetrics.KubeRegistry) ([]counter, error) {
	families, err := registry.Gather()
	if err != nil {
		return nil, err
	}
	counters := []counter{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if metric.GetCounter().GetValue() == 0 {
				continue
			}
			labels := map[string]string{}
			for _, pair := range metric.GetLabel() {
				labels[pair.GetName()] = pair.GetValue()
			}
			counters = append(counters, counter{family.GetName(), labels, metric.GetCounter().GetValue()})
		}
	}
	return counters, nil
}
