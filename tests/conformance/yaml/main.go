// Reads YAML as Kubernetes does. Every line on standard input is a JSON string, one YAML text in base64;
// every line on standard output tells what sigs.k8s.io/yaml makes of it: the JSON value, or why it was
// refused, whether the strict reader, which minds keys that are set twice, refuses it, and whether a later
// document in it is refused. An empty line asks for the answers so far.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	goyaml "go.yaml.in/yaml/v2"
	"sigs.k8s.io/yaml"
)

type verdict struct {
	Value  json.RawMessage `json:"value,omitempty"`
	Error  string          `json:"error,omitempty"`
	Strict string          `json:"strict,omitempty"`
	Later  string          `json:"later,omitempty"`
}

// read answers for one text; a panic of the library is a refusal too.
func read(text []byte) (answer verdict) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = verdict{Error: fmt.Sprint("panic: ", problem), Strict: "panic"}
		}
	}()
	if value, err := yaml.YAMLToJSON(text); err != nil {
		answer.Error = err.Error()
	} else {
		answer.Value = value
	}
	if _, err := yaml.YAMLToJSONStrict(text); err != nil {
		answer.Strict = err.Error()
	}
	if err := readAll(text); err != nil {
		answer.Later = err.Error()
	}
	return answer
}

// readAll says what is wrong with any document in text; what precedes reads the first and no more.
func readAll(text []byte) error {
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	for {
		var document any
		if err := decoder.Decode(&document); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func main() {
	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for {
		line, err := questions.ReadBytes('\n')
		if err != nil {
			return
		}
		if len(line) == 1 {
			answers.Flush()
			continue
		}
		var text []byte
		if err := json.Unmarshal(line, &text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(read(text)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
