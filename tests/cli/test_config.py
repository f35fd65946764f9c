"""``config validate``: statuses, lines, doubts."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAD = "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\nexceptions:\n"


def written(folder: Path, text: str, name: str = "config.yaml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def exception(name: str, expires: str = "2999-12-31", match: str = "namespaces: [shop]") -> str:
    return (
        f"- name: {name}\n  reason: it sets the clock\n  expires: {expires}\n"
        f"  match: {{{match}}}\n  allow: [{{control: capabilities_baseline}}]\n"
    )


def pods(*names: str, namespace: str = "shop") -> str:
    return "---\n".join(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {{containers: "
        "[{name: clock, image: a, securityContext: {capabilities: {add: [SYS_TIME]}}}]}\n"
        for name in names
    )


def test_there_is_nothing_to_complain_of(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, HEAD + exception("clock"))

    assert seccomp("config", "validate", config) == (0, f"{config}: nothing to complain of\n", "")


def test_what_is_wrong_has_a_line(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, HEAD + exception("clock").replace("clock\n", "Clock\n", 1) + "  allows: []\n")
    ran = seccomp("config", "validate", config)
    assert ran.status == 2
    assert ran.out == (f'{config}:9: unknown field "exceptions[0].allows"; did you mean allow?\n')

    config.write_text(config.read_text().replace("  allows: []\n", ""))
    assert seccomp("config", "validate", config).out.startswith(
        f"{config}:4: exceptions[0].name: a lowercase"
    )


def test_all_that_is_wrong_is_told_in_the_order_of_the_file(seccomp: Run, tmp_path: Path) -> None:
    text = HEAD + exception("Clock") + "controls: {onli: []}\nenforceControllers: 5\nmutation: {bundle: al}\n"
    ran = seccomp("config", "validate", written(tmp_path, text))

    assert ran.status == 2
    told = [line.split(":")[1:3] for line in ran.out.splitlines()]
    assert [(number, field.strip()) for number, field in told] == [
        ("4", "exceptions[0].name"),
        ("9", 'unknown field "controls.onli"; did you mean only?'),
        ("10", "enforceControllers"),
        ("11", "mutation.bundle"),
    ]


@pytest.mark.parametrize("made", ["pipe", "folder", "named by the plugin's"])
def test_what_is_no_regular_file_is_refused_at_once(seccomp: Run, tmp_path: Path, made: str) -> None:
    """A pipe without a writer would keep the webhook from starting for ever."""
    file = tmp_path / "config.yaml"
    if made == "folder":
        file.mkdir()
    else:
        os.mkfifo(file)
    named = file
    if made == "named by the plugin's":
        head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n"
        named = written(
            tmp_path, f"{head}plugins: [{{name: PodSecurity, path: config.yaml}}]\n", "admission.yaml"
        )

    said = f"{file}: a configuration is a regular file, this is none (- reads standard input)\n"
    assert seccomp("config", "validate", named) == (2, said, "")
    ran = seccomp("serve", "--tls-dir", tmp_path, "--namespaces", tmp_path / "none.yaml", "--config", named)
    assert (ran.status, ran.err) == (2, f"Error: {said}")


def test_exceptions_that_have_ended_are_told(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, HEAD + exception("now") + exception("then", "2020-01-31"))
    ran = seccomp("config", "validate", config)

    assert ran.status == 1
    assert ran.out == (f'{config}:9: exception "then": expired after 2020-01-31: it lets nothing pass\n')


@pytest.mark.parametrize(
    ("manifests", "match", "kind"),
    [
        (pods("a", "b"), "namespaces: [shop]", "matches-everything"),
        (pods("a", "b"), "namespaces: [other]", "matches-nothing"),
        (pods("a", "b"), "namespaces: [shop], workloads: [{kind: Pod, name: a}]", None),
        (pods("a"), "namespaces: [shop]", None),
        (pods("a", "b") + "---\n" + pods("c", namespace="till"), "namespaces: [shop]", None),
    ],
)
def test_manifests_show_what_exceptions_match(
    seccomp: Run, tmp_path: Path, manifests: str, match: str, kind: str | None
) -> None:
    config = written(tmp_path, HEAD + exception("clock", match=match))
    ran = seccomp(
        "config", "validate", config, "--manifests", written(tmp_path, manifests, "pods.yaml"), "-o", "json"
    )

    report = json.loads(ran.out)
    assert (report["kind"], report["errors"]) == ("ConfigurationReport", [])
    assert [(each["kind"], each["line"]) for each in report["doubts"]] == ([(kind, 4)] if kind else [])
    assert ran.status == bool(kind)


def test_manifests_that_cannot_be_read_are_told(seccomp: Run, tmp_path: Path) -> None:
    config = written(tmp_path, HEAD + exception("clock"))
    ran = seccomp("config", "validate", config, "--manifests", tmp_path / "missing.yaml")

    assert ran.status == 2
    assert "missing.yaml: cannot read this: there is no such file" in ran.out
    assert "lets nothing" not in ran.out


def test_the_plugins_own_file_can_be_looked_at_too(seccomp: Run, tmp_path: Path) -> None:
    head = "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"

    assert seccomp("config", "validate", written(tmp_path, head)).status == 0
    assert seccomp("config", "validate", written(tmp_path, f"{head}default: {{}}\n")).status == 2
