"""Input that was never meant to be read: one line on standard error, exit 2, and the good is still judged."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import MODULE, ended, started
from tests.permissions import permissions_hold
from tests.reports.contract import read_report

GOOD = """\
apiVersion: v1
kind: Pod
metadata: {name: good}
spec: {hostPID: true, containers: [{name: good}]}
"""
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 12)
)
BROKEN: dict[str, bytes] = {
    "no YAML": b"a: [\n",
    "a second document that is broken": f"{GOOD}---\nkind: [\n".encode(),
    "a key twice": b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\nkind: Pod\n",
    "aliases that explode": f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\n{ALIASES}".encode(),
    "tabs": b"apiVersion: v1\nkind: Pod\nspec:\n\tcontainers: []\n",
    "NUL": b"apiVersion: v1\nkind: Pod\nmetadata: {name: a\0}\n",
    "bytes that are no text": b"apiVersion: v1\nkind: Pod\nmetadata: {name: \xff\xfe}\n",
    "flow nested 100,000 deep": b"apiVersion: v1\nkind: Pod\nspec: " + b"[" * 100_000 + b"]" * 100_000,
    "blocks nested 2,000 deep": b"".join(b" " * at + b"a:\n" for at in range(2_000)),
    "a template": b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n",
    "a merge of nothing": b"apiVersion: v1\nkind: Pod\nmetadata: {<<: 1}\n",
    "an unknown tag": b"apiVersion: v1\nkind: Pod\nmetadata: !!python/object/apply:os.system [id]\n",
    "a pod that is a list": b"apiVersion: v1\nkind: Pod\nspec: [1]\n",
    "a container that is a number": b"apiVersion: v1\nkind: Pod\nspec: {containers: [1]}\n",
    "a number of 64 bits": b"apiVersion: v1\nkind: Pod\nspec: {securityContext: {runAsUser: 9%s}}\n"
    % (b"9" * 20),
    "a number that is none": b"apiVersion: v1\nkind: Pod\nspec: {securityContext: {runAsUser: .nan}}\n",
}
WELL_FORMED: dict[str, bytes] = {
    "a byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "CRLF": GOOD.replace("\n", "\r\n").encode(),
    "comments alone before it": b"# a\n---\n# b\n---\n" + GOOD.encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_and_the_good_is_judged(seccomp: Run, tmp_path: Path, content: bytes) -> None:
    broken, good = tmp_path / "broken.yaml", tmp_path / "good.yaml"
    broken.write_bytes(content)
    good.write_text(GOOD)
    ran = seccomp("check", "-o", "json", tmp_path)

    report = read_report(ran.out)
    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    assert ran.err.splitlines()
    assert all(line.startswith(f"{broken}:") for line in ran.err.splitlines())
    assert all(each.line for each in report.errors)
    assert len(report.errors) == len(ran.err.splitlines())
    assert str(good) in {each.source.file for each in report.results}


@pytest.mark.parametrize("content", WELL_FORMED.values(), ids=WELL_FORMED)
def test_what_kubernetes_reads_is_read(seccomp: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pod.yaml"
    file.write_bytes(content)
    ran = seccomp("check", "-o", "json", file)

    assert (ran.status, ran.err) == (1, "")
    [result] = read_report(ran.out).results
    line = next(at for at, text in enumerate(content.split(b"\n"), 1) if b"hostPID" in text)
    assert result.violations[0].fields[0].line == line


@pytest.mark.parametrize("content", ["- a\n- b\n", "just some words\n", "replicas: 3\n"])
def test_what_is_no_object_is_passed_over_in_a_folder_but_not_where_it_is_named(
    seccomp: Run, tmp_path: Path, content: str
) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    values = tmp_path / "values.yaml"
    values.write_text(content)

    assert seccomp("check", tmp_path).err == ""
    assert seccomp("check", values).err.startswith(f"{values}:1: ")


def link_to_itself(folder: Path) -> Path:
    (folder / "loop.yaml").symlink_to("loop.yaml")
    return folder / "loop.yaml"


def missing(folder: Path) -> Path:
    return folder / "missing.yaml"


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text(GOOD)
    return folder / "file" / "pod.yaml"


def long_name(folder: Path) -> Path:
    return folder / ("x" * 300)


@pytest.mark.parametrize("unreadable", [link_to_itself, missing, below_a_file, long_name])
def test_what_cannot_be_opened_is_named(
    seccomp: Run, tmp_path: Path, unreadable: Callable[[Path], Path]
) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(GOOD)
    path = unreadable(tmp_path)
    ran = seccomp("check", "-o", "json", path, good)

    assert ran.status == 2
    assert ran.err.startswith(f"{path}:")
    assert len(ran.err.splitlines()) == 1
    assert read_report(ran.out).summary.denied == 1


def test_what_may_not_be_read_is_named(seccomp: Run, tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text(GOOD)
    file.chmod(0)

    with permissions_hold():
        ran = seccomp("check", file)

    assert ran.status == 2
    assert ran.err == f"{file}: cannot read this: no permission to read it\n"


def test_a_folder_that_contains_itself_is_walked_once(seccomp: Run, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "again").symlink_to(".")
    ran = seccomp("check", "-o", "json", tmp_path)

    assert read_report(ran.out).summary.pods == 1


def test_a_file_name_that_is_no_text_is_shown(seccomp: Run, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_text(GOOD)
    (tmp_path / os.fsdecode(b"\x1b[2J\n.yaml")).write_text("a: [")
    ran = seccomp("check", "-o", "json", tmp_path)

    assert read_report(ran.out).results[0].source.file == f"{tmp_path}/caf\\xe9.yaml"
    assert ran.err.startswith(f"{tmp_path}/\\x1b[2J\\n.yaml:")
    assert ran.err.count("\n") == 1


def test_wrong_types_are_all_named_with_their_lines(seccomp: Run, tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: 'yes'\n  containers:\n"
        "  - name: a\n    securityContext:\n      privileged: 1\n"
    )
    ran = seccomp("check", "-o", "json", file)

    assert ran.status == 2
    assert [line.split(": ")[:2] for line in ran.err.splitlines()] == [
        [f"{file}:5", "spec.hostPID"],
        [f"{file}:9", "spec.containers[0].securityContext.privileged"],
    ]
    assert read_report(ran.out).results == []


def test_what_no_control_reads_does_not_hinder_the_verdict(seccomp: Run, tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(
        f"{GOOD}---\n{GOOD.replace('hostPID: true', 'terminationGracePeriodSeconds: soon, hostPId: true')}"
    )
    ran = seccomp("check", "--level", "baseline", "-o", "json", file)

    assert ran.status == 2
    assert [line.split(": ")[:2] for line in ran.err.splitlines()] == [
        [f"{file}:9", "spec.terminationGracePeriodSeconds"],
        [f"{file}:9", "spec.hostPId"],
    ]
    assert [each.allowed for each in read_report(ran.out).results] == [False, True]


def test_50_megabytes_are_read_in_bounded_memory(tmp_path: Path) -> None:
    # One document after the other: no more than one of them need be kept.
    file = tmp_path / "large.yaml"
    filler = "".join(f"  key-{at}: {'v' * 1000}\n" for at in range(100))
    document = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{filler}---\n"
    file.write_text(document * (50_000_000 // len(document)) + GOOD)
    limited = ["sh", "-c", 'ulimit -d 45000 && exec "$@"', "sh", *MODULE]  # KiB: less than the file
    ran = ended(started(["check", file], program=limited))

    assert (ran.status, ran.err) == (1, "")
    assert "1 denied" in ran.out
