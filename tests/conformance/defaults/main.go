// Command defaults shows what the API server makes of an object before any validating admission
// plugin sees it: it decodes with defaulting, prepares for creation and converts back.
//
// It reads one manifest a line, as JSON, and answers each with one line: the object, or {"error": ...}.
// An empty line sends the answers.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
)

// preparer is the part of a creation strategy that changes the object.
type preparer interface {
	PrepareForCreate(ctx context.Context, obj runtime.Object)
}

var strategies = map[schema.GroupVersionKind]preparer{
	{Version: "v1", Kind: "Pod"}:                        pod.Strategy,
	{Version: "v1", Kind: "PodTemplate"}:                podtemplate.Strategy,
	{Version: "v1", Kind: "ReplicationController"}:      replicationcontroller.Strategy,
	{Group: "apps", Version: "v1", Kind: "ReplicaSet"}:  replicaset.Strategy,
	{Group: "apps", Version: "v1", Kind: "Deployment"}:  deployment.Strategy,
	{Group: "apps", Version: "v1", Kind: "StatefulSet"}: statefulset.Strategy,
	{Group: "apps", Version: "v1", Kind: "DaemonSet"}:   daemonset.Strategy,
	{Group: "batch", Version: "v1", Kind: "Job"}:        job.Strategy,
	{Group: "batch", Version: "v1", Kind: "CronJob"}:    cronjob.Strategy,
}

func prepared(manifest []byte) (runtime.Object, error) {
	object, kind, err := legacyscheme.Codecs.UniversalDecoder().Decode(manifest, nil, nil)
	if err != nil {
		return nil, err
	}
	strategy, known := strategies[*kind]
	if !known {
		return nil, fmt.Errorf("%v holds no pod", kind)
	}
	strategy.PrepareForCreate(context.Background(), object)
	versioned, err := legacyscheme.Scheme.New(*kind)
	if err != nil {
		return nil, err
	}
	return versioned, legacyscheme.Scheme.Convert(object, versioned, nil)
}

func main() {
	log.SetFlags(0)
	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	var answers bytes.Buffer // not written before it is asked for: the caller may still be writing
	encoder := json.NewEncoder(&answers)
	for {
		line, end := questions.ReadBytes('\n')
		if question := bytes.TrimSpace(line); len(question) > 0 {
			var answer any
			answer, err := prepared(question)
			if err != nil {
				answer = map[string]string{"error": err.Error()}
			}
			if err := encoder.Encode(answer); err != nil {
				log.Fatal(err)
			}
		} else if _, err := answers.WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
		if end == io.EOF {
			if _, err := answers.WriteTo(os.Stdout); err != nil {
				log.Fatal(err)
			}
			return
		} else if end != nil {
			log.Fatal(end)
		}
	}
}
