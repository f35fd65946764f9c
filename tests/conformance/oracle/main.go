// Command oracle answers what the reference library k8s.io/pod-security-admission says.
//
//	oracle policy     pods against standards: policy.go
//	oracle admission  admission requests: admission.go
//	oracle timing     how long the library takes: timing.go
//
// Questions and answers are JSON, one a line, in the same order. An empty line sends the answers to
// everything asked since the last one, so that a caller can keep the program running.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/go-logr/logr"
	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/klog/v2"
)

// decoder reads objects as the library's own webhook does.
var decoder = func() runtime.Decoder {
	scheme := runtime.NewScheme()
	utilruntime.Must(admissionv1.AddToScheme(scheme))
	utilruntime.Must(appsv1.AddToScheme(scheme))
	utilruntime.Must(batchv1.AddToScheme(scheme))
	utilruntime.Must(corev1.AddToScheme(scheme))
	return serializer.NewCodecFactory(scheme).UniversalDeserializer()
}()

func main() {
	log.SetFlags(0)
	klog.SetLogger(logr.Discard()) // the library logs what it answers; the answer is enough
	modes := map[string]func(question []byte) (any, error){
		"policy":    judgePod,
		"admission": answerRequest,
		"timing":    timePod,
	}
	if len(os.Args) != 2 || modes[os.Args[1]] == nil {
		log.Fatal("usage: oracle policy|admission|timing < questions.jsonl > answers.jsonl")
	}
	if err := serve(os.Stdin, os.Stdout, modes[os.Args[1]]); err != nil {
		log.Fatal(err)
	}
}

func serve(in io.Reader, out io.Writer, answer func([]byte) (any, error)) error {
	questions := bufio.NewReaderSize(in, 1<<20)
	var answers bytes.Buffer // not written before it is asked for: the caller may still be writing
	encoder := json.NewEncoder(&answers)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		line, err := questions.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		atEnd := err != nil
		if question := bytes.TrimSpace(line); len(question) > 0 {
			given, err := answer(question)
			if err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			if err := encoder.Encode(given); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
		} else if _, err := answers.WriteTo(out); err != nil {
			return err
		}
		if atEnd {
			_, err := answers.WriteTo(out)
			return err
		}
	}
}
