// Reads seccomp profiles as the readers of nodes do. Every line on standard input is a question: a document
// in base64, and the node and container for which it is read. Every line on standard output tells, for each
// reader, what it decoded or why not, and what it would hand to the OCI runtime, or why not. An empty line
// asks for the answers so far.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	_ "unsafe" // for go:linkname

	moby "github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
	libseccomp "github.com/seccomp/libseccomp-golang"
	common "go.podman.io/common/pkg/seccomp"
)

type question struct {
	Document     []byte
	Capabilities []string
	Kernel       [2]uint64
	Docker       string // how Docker calls the node's architecture
	Common       string // how containers-common calls it
}

type answer struct {
	Decoded any    `json:"decoded"`
	Refused string `json:"refused,omitempty"`
	Handed  any    `json:"handed,omitempty"`
	Failed  string `json:"failed,omitempty"`
}

// Docker asks the machine it runs on; these are where it keeps what it learned.
//
//go:linkname mobyKernel github.com/moby/profiles/seccomp.getKernelVersion
var mobyKernel func() (*moby.KernelVersion, error)

//go:linkname mobyArchitectures github.com/moby/profiles/seccomp.goToNative
var mobyArchitectures map[string]string

// read decodes the document into profile, and has it loaded; a panic of the reader fails it.
func read(document []byte, profile any, load func() (*specs.LinuxSeccomp, error)) (read answer) {
	if err := json.Unmarshal(document, profile); err != nil {
		return answer{Refused: err.Error()}
	}
	read.Decoded = profile
	defer func() {
		if problem := recover(); problem != nil {
			read.Failed = fmt.Sprint(problem)
		}
	}()
	handed, err := load()
	if err != nil {
		read.Failed = err.Error()
	} else {
		read.Handed = map[string]any{"seccomp": handed}
	}
	return read
}

func ask(asked question) map[string]answer {
	container := &specs.Spec{
		Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{Bounding: asked.Capabilities}},
	}
	mobyKernel = func() (*moby.KernelVersion, error) {
		return &moby.KernelVersion{Kernel: asked.Kernel[0], Major: asked.Kernel[1]}, nil
	}
	mobyArchitectures[runtime.GOARCH] = asked.Docker
	libseccomp.Native = libseccomp.ScmpArch(asked.Common)

	oci, docker, containers := &specs.LinuxSeccomp{}, &moby.Seccomp{}, &common.Seccomp{}
	return map[string]answer{
		"oci": read(asked.Document, oci, func() (*specs.LinuxSeccomp, error) { return oci, nil }),
		"docker": read(asked.Document, docker, func() (*specs.LinuxSeccomp, error) {
			return moby.LoadProfile(string(asked.Document), container)
		}),
		"containers-common": read(asked.Document, containers, func() (*specs.LinuxSeccomp, error) {
			return common.LoadProfileFromBytes(asked.Document, container)
		}),
	}
}

func main() {
	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	// Who asks writes all questions before it reads: answers wait until it does.
	var answers bytes.Buffer
	encoder := json.NewEncoder(&answers)
	encoder.SetEscapeHTML(false)
	for {
		line, err := questions.ReadBytes('\n')
		if err != nil {
			return
		}
		if len(line) == 1 {
			if _, err := answers.WriteTo(os.Stdout); err != nil {
				return
			}
			continue
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(ask(asked)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
