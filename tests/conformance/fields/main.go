// Command fields knows the fields of the Kubernetes API from its Go types.
//
//	fields types   prints every type that a pod or a built-in controller is made of, as JSON
//	fields decode  decodes manifests as strictly as the API server does for kubectl: reads one a
//	               line and answers each with a line, the JSON list of the problems found; an empty
//	               line sends the answers
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	kjson "sigs.k8s.io/json"
)

var kinds = map[string]any{
	"v1 Namespace":             corev1.Namespace{},
	"v1 Pod":                   corev1.Pod{},
	"v1 PodTemplate":           corev1.PodTemplate{},
	"v1 ReplicationController": corev1.ReplicationController{},
	"apps/v1 ReplicaSet":       appsv1.ReplicaSet{},
	"apps/v1 Deployment":       appsv1.Deployment{},
	"apps/v1 StatefulSet":      appsv1.StatefulSet{},
	"apps/v1 DaemonSet":        appsv1.DaemonSet{},
	"batch/v1 Job":             batchv1.Job{},
	"batch/v1 CronJob":         batchv1.CronJob{},
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 2 && os.Args[1] == "types":
		if err := writeTypes(os.Stdout); err != nil {
			log.Fatal(err)
		}
	case len(os.Args) == 2 && os.Args[1] == "decode":
		if err := answerLines(os.Stdin, os.Stdout); err != nil {
			log.Fatal(err)
		}
	default:
		log.Fatal("usage: fields types | fields decode < manifests.jsonl > problems.jsonl")
	}
}

// answerLines sends the answers when an empty line, or the end, asks for them.
func answerLines(in io.Reader, out io.Writer) error {
	questions := bufio.NewReaderSize(in, 1<<20)
	var answers bytes.Buffer
	encoder := json.NewEncoder(&answers)
	encoder.SetEscapeHTML(false)
	for {
		line, err := questions.ReadBytes('\n')
		if question := bytes.TrimSpace(line); len(question) > 0 {
			problems, err := decode(question)
			if err != nil {
				return err
			}
			if err := encoder.Encode(problems); err != nil {
				return err
			}
		} else if _, err := answers.WriteTo(out); err != nil {
			return err
		}
		if err == io.EOF {
			_, err := answers.WriteTo(out)
			return err
		} else if err != nil {
			return err
		}
	}
}

// decode takes {"kind": "apps/v1 Deployment", "manifest": {...}} and returns what is wrong with the
// manifest: the first wrong type, then unknown fields.
func decode(line []byte) ([]string, error) {
	var question struct {
		Kind     string          `json:"kind"`
		Manifest json.RawMessage `json:"manifest"`
	}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	zero, known := kinds[question.Kind]
	if !known {
		return nil, fmt.Errorf("unknown kind %q", question.Kind)
	}
	problems := []string{}
	strict, err := kjson.UnmarshalStrict(question.Manifest, reflect.New(reflect.TypeOf(zero)).Interface())
	if err != nil {
		problems = append(problems, err.Error())
	}
	for _, each := range strict {
		problems = append(problems, each.Error())
	}
	return problems, nil
}
