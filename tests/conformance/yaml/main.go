// Reads YAML as Kubernetes does. Every line on standard input is one YAML text in base64; every line on
// standard output tells what sigs.k8s.io/yaml makes of it: the JSON value, or why it was refused, and
// whether the strict reader, which minds duplicate keys, refuses it too.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type verdict struct {
	Value  json.RawMessage `json:"value,omitempty"`
	Error  string          `json:"error,omitempty"`
	Strict string          `json:"strict,omitempty"`
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
	return answer
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		text, err := base64.StdEncoding.DecodeString(line[:len(line)-1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(read(text)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if lines.Buffered() == 0 {
			answers.Flush()
		}
	}
}
