// Command defaults says which default profile a runtime's own code makes for a container.
//
// It reads one question a line, as JSON, and answers each with one line: the profile in the form of the
// OCI runtime specification. An empty line sends the answers.
//
// The code that is asked is not here: it is taken from the modules of the runtimes when this is built,
// with nothing changed but what it imports to learn the machine's architecture and kernel.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log"
	"os"

	"defaults/machine"

	"github.com/opencontainers/runtime-spec/specs-go"
)

type question struct {
	Source       string    `json:"source"`
	Capabilities []string  `json:"capabilities"`
	Architecture string    `json:"architecture"`
	Kernel       [2]uint64 `json:"kernel"`
}

func answer(line []byte) *specs.LinuxSeccomp {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		log.Fatal(err)
	}
	machine.GOARCH, machine.Kernel = asked.Architecture, asked.Kernel
	profile, err := sources[asked.Source](&specs.Spec{Process: &specs.Process{
		Capabilities: &specs.LinuxCapabilities{Bounding: asked.Capabilities},
	}})
	if err != nil {
		log.Fatal(err)
	}
	return profile
}

func main() {
	log.SetFlags(0)
	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	var answers bytes.Buffer // not written before it is asked for: the caller may still be writing
	encoder := json.NewEncoder(&answers)
	for {
		line, end := questions.ReadBytes('\n')
		if question := bytes.TrimSpace(line); len(question) > 0 {
			if err := encoder.Encode(answer(question)); err != nil {
				log.Fatal(err)
			}
		} else if _, err := answers.WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
		if end == io.EOF {
			return
		}
		if end != nil {
			log.Fatal(end)
		}
	}
}
