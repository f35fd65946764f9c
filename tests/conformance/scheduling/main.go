// Command scheduling says which nodes a pod may be scheduled to: it asks the filters of kube-scheduler, and
// for a pod that names its node, which no scheduler sees, what the kubelet of that node asks.
//
// It reads {"pod": {...}, "nodes": [{...}]} a line and answers each with a line: the names of those nodes. An
// empty line sends the answers.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/go-logr/logr"
	v1 "k8s.io/api/core/v1"
	corev1helpers "k8s.io/component-helpers/scheduling/corev1"
	affinity "k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodename"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeunschedulable"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/tainttoleration"
)

type plugin interface {
	fwk.PreFilterPlugin
	fwk.FilterPlugin
}

func main() {
	log.SetFlags(0)
	klog.SetLogger(logr.Discard())
	plugins, err := filters()
	if err != nil {
		log.Fatal(err)
	}
	questions := bufio.NewReaderSize(os.Stdin, 1<<20)
	var answers bytes.Buffer
	encoder := json.NewEncoder(&answers)
	for {
		line, err := questions.ReadBytes('\n')
		if question := bytes.TrimSpace(line); len(question) > 0 {
			names, err := eligible(plugins, question)
			if err != nil {
				log.Fatal(err)
			}
			if err := encoder.Encode(names); err != nil {
				log.Fatal(err)
			}
		} else if _, err := answers.WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
		if err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
	}
}

func filters() ([]plugin, error) {
	ctx := context.Background()
	// The API server refuses Gt and Lt where this is off: a pod that has them comes from where it is on.
	features := feature.Features{EnableTaintTolerationComparisonOperators: true}
	var plugins []plugin
	for _, each := range []func() (fwk.Plugin, error){
		func() (fwk.Plugin, error) { return nodename.New(ctx, nil, nil, features) },
		func() (fwk.Plugin, error) { return nodeunschedulable.New(ctx, nil, nil, features) },
		func() (fwk.Plugin, error) {
			return nodeaffinity.New(ctx, &config.NodeAffinityArgs{}, nil, features)
		},
		func() (fwk.Plugin, error) { return tainttoleration.New(ctx, nil, nil, features) },
	} {
		made, err := each()
		if err != nil {
			return nil, err
		}
		plugins = append(plugins, made.(plugin))
	}
	return plugins, nil
}

func eligible(plugins []plugin, line []byte) ([]string, error) {
	var question struct {
		Pod   v1.Pod    `json:"pod"`
		Nodes []v1.Node `json:"nodes"`
	}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	accepts := scheduler(plugins, &question.Pod)
	if question.Pod.Spec.NodeName != "" {
		accepts = kubelet(&question.Pod)
	}
	names := []string{}
	for i := range question.Nodes {
		if node := &question.Nodes[i]; accepts(node) {
			names = append(names, node.Name)
		}
	}
	return names, nil
}

// scheduler asks as the framework does: who skips in PreFilter is not asked in Filter.
func scheduler(plugins []plugin, pod *v1.Pod) func(*v1.Node) bool {
	ctx := context.Background()
	state := framework.NewCycleState()
	var asked []plugin
	var only []*fwk.PreFilterResult
	for _, each := range plugins {
		result, status := each.PreFilter(ctx, state, pod, nil)
		switch {
		case status.IsSkip():
			continue
		case !status.IsSuccess():
			return func(*v1.Node) bool { return false }
		case result != nil && !result.AllNodes():
			only = append(only, result)
		}
		asked = append(asked, each)
	}
	return func(node *v1.Node) bool {
		info := framework.NewNodeInfo()
		info.SetNode(node)
		for _, each := range only {
			if !each.NodeNames.Has(node.Name) {
				return false
			}
		}
		for _, each := range asked {
			if !each.Filter(ctx, state, pod, info).IsSuccess() {
				return false
			}
		}
		return true
	}
}

// kubelet asks what generalFilter in pkg/kubelet/lifecycle does of these things.
func kubelet(pod *v1.Pod) func(*v1.Node) bool {
	required := affinity.GetRequiredNodeAffinity(pod)
	return func(node *v1.Node) bool {
		info := framework.NewNodeInfo()
		info.SetNode(node)
		if matches, _ := required.Match(node); !matches || !nodename.Fits(pod, info) {
			return false
		}
		_, untolerated := corev1helpers.FindMatchingUntoleratedTaint(
			klog.Background(), node.Spec.Taints, pod.Spec.Tolerations,
			func(taint *v1.Taint) bool { return taint.Effect == v1.TaintEffectNoExecute }, true,
		)
		return !untolerated
	}
}
