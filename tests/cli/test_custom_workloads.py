"""``check`` and ``config validate`` with kinds of somebody's own."""

import json
from pathlib import Path

from tests.cli.conftest import Run

CONFIG = """\
apiVersion: seccomp-webhook.io/v1
kind: Configuration
workloads:
- apiVersions: [argoproj.io/v1alpha1, argoproj.io/v1beta1]
  kind: Rollout
  resource: rollouts
  templates: [spec.template]
- apiVersions: [batch.volcano.sh/v1alpha1]
  kind: Job
  resource: jobs
  templates: ['spec.tasks[*].template']
"""
ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  strategy: {canary: {}}
  template:
    spec:
      containers:
      - name: app
        image: app:1
        securityContext:
          privileged: true
"""
VOLCANO = """\
apiVersion: batch.volcano.sh/v1alpha1
kind: Job
metadata: {name: sums}
spec:
  tasks:
  - name: first
    template:
      spec:
        containers: [{name: a, image: a:1}]
  - name: second
    template:
      spec:
        hostPID: true
        containers: [{name: b, image: b:1}]
  - name: third
    template:
      spec:
        hostPID: true
        containers:
        - name: c
          image: c:1
          securityContext: {privileged: true}
"""


def written(folder: Path, text: str, name: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_a_kind_of_somebodys_own_is_checked_with_its_lines(seccomp: Run, tmp_path: Path) -> None:
    config, rollout = written(tmp_path, CONFIG, "config.yaml"), written(tmp_path, ROLLOUT, "rollout.yaml")
    ran = seccomp("check", "--level", "baseline", "--config", config, "-o", "json", rollout)

    assert (ran.status, ran.err) == (1, "")
    [result] = json.loads(ran.out)["results"]
    [violation] = result["violations"]
    assert violation["fields"] == [
        {
            "path": "spec.template.spec.containers[0].securityContext.privileged",
            "container": "app",
            "line": 12,
            "value": True,
        }
    ]
    assert seccomp("check", rollout).status == 0, "without the configuration nobody looks into it"


def test_an_object_of_several_pods_is_one_result_that_names_them(seccomp: Run, tmp_path: Path) -> None:
    config, job = written(tmp_path, CONFIG, "config.yaml"), written(tmp_path, VOLCANO, "job.yaml")
    ran = seccomp("check", "--level", "baseline", "--config", config, "-o", "json", job)

    report = json.loads(ran.out)
    [result] = report["results"]
    assert report["summary"] == {"objects": 1, "pods": 1, "allowed": 0, "denied": 1, "errors": 0}
    assert result["message"] == (
        'would violate PodSecurity "baseline:latest": spec.tasks[1].template: host namespaces (hostPID=true)'
        "; spec.tasks[2].template: host namespaces (hostPID=true), privileged "
        '(container "c" must not set securityContext.privileged=true)'
    )
    fields = [field for each in result["violations"] for field in each["fields"]]
    assert [(each["path"], each["line"]) for each in fields] == [
        ("spec.tasks[1].template.spec.hostPID", 13),
        ("spec.tasks[2].template.spec.hostPID", 18),
        ("spec.tasks[2].template.spec.containers[0].securityContext.privileged", 22),
    ]
    assert result["highestLevel"] == "privileged"


def test_a_version_that_is_not_configured_is_an_error_not_a_silence(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, CONFIG, "config.yaml")
    rollout = written(tmp_path, ROLLOUT.replace("v1alpha1", "v1"), "rollout.yaml")
    ran = seccomp("check", "--config", config, rollout)

    assert ran.status == 2
    assert ran.err == (
        f"{rollout}:1: apiVersion: a Rollout of argoproj.io/v1 is not judged: the configuration names "
        "argoproj.io/v1alpha1, argoproj.io/v1beta1\n"
    )


def test_a_wrong_type_in_a_template_is_an_error_with_its_line(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, CONFIG, "config.yaml")
    job = written(tmp_path, VOLCANO.replace("hostPID: true", "hostPID: 'yes'", 1), "job.yaml")
    ran = seccomp("check", "--config", config, job)

    assert ran.status == 2
    assert ran.err.startswith(f"{job}:13: spec.tasks[1].template.spec.hostPID: Expected `bool | null`")


def test_exceptions_are_held_against_such_kinds_too(seccomp: Run, tmp_path: Path) -> None:
    exception = (
        "exceptions:\n- name: sums\n  reason: it looks at processes\n  expires: '2999-12-31'\n"
        "  match: {namespaces: [default], workloads: [{group: batch.volcano.sh, kind: Job, name: sums}]}\n"
        "  allow: [{control: hostNamespaces}, {control: privileged}]\n"
    )
    config, job = written(tmp_path, CONFIG + exception, "config.yaml"), written(tmp_path, VOLCANO, "job.yaml")

    assert seccomp("check", "--level", "baseline", "--config", config, job).status == 0
    report = json.loads(seccomp("config", "validate", config, "--manifests", job, "-o", "json").out)
    assert [each["kind"] for each in report["doubts"]] == ["matches-everything"]


def test_the_rules_that_the_registration_needs_are_told(seccomp: Run, tmp_path: Path) -> None:
    report = json.loads(
        seccomp("config", "validate", written(tmp_path, CONFIG, "config.yaml"), "-o", "json").out
    )

    assert report["rules"] == [
        {"apiGroups": ["argoproj.io"], "apiVersions": ["v1alpha1", "v1beta1"], "resources": ["rollouts"]},
        {"apiGroups": ["batch.volcano.sh"], "apiVersions": ["v1alpha1"], "resources": ["jobs"]},
    ]


def test_what_is_wrong_with_a_kind_has_a_line(seccomp: Run, tmp_path: Path) -> None:
    text = CONFIG.replace("[spec.template]", "[spec.template, 'spec[0].x']").replace("kind: Job", "kind: job")
    config = written(tmp_path, text, "config.yaml")
    ran = seccomp("config", "validate", config)

    assert ran.status == 2
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"{config}:7: workloads[0].templates[1]: must be the path of a pod template")
    assert lines[1] == f"{config}:9: workloads[1].kind: must be a kind, as in Rollout"
