"""``agent``: what it prints without a cluster, what it refuses, and how it ends."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.permissions import permissions_hold
from webhook.nodes.wire import report_from

PROFILE = '{"defaultAction": "SCMP_ACT_ERRNO"}'


def test_what_the_node_holds_is_printed_as_it_would_be_published(seccomp: Run, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(PROFILE)
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "loaded").write_text("web (enforce)\n")
    loaded = tmp_path / "loaded"
    ran = seccomp("agent", "--once", "-o", "json", "--seccomp-dir", tmp_path, "--app-armor", loaded,
                  "--node-name", "node-1")  # fmt: skip
    printed = json.loads(ran.out)
    report = report_from("node-1", printed["status"])

    assert (ran.status, ran.err) == (0, "")
    assert (printed["kind"], printed["metadata"]) == ("NodeProfiles", {"name": "node-1"})
    assert [(file.path, bool(file.error)) for file in report.seccomp] == [
        ("bad.json", True),
        ("good.json", False),
        ("loaded", True),
    ]
    assert report.app_armor == (("web", "enforce"),)
    assert report.kernel
    assert report.architecture


def test_a_folder_that_is_not_there_is_told_and_is_no_profile(seccomp: Run, tmp_path: Path) -> None:
    ran = seccomp("agent", "--once", "--seccomp-dir", tmp_path / "absent", "--app-armor", tmp_path / "absent")

    assert ran.status == 0
    assert ran.err == f"warning: {tmp_path / 'absent'}: there is no such folder yet, so no profile\n"
    assert json.loads(ran.out)["status"]["seccomp"] == []


def test_a_folder_that_may_not_be_read_is_an_error(seccomp: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    with permissions_hold():
        ran = seccomp("agent", "--once", "--seccomp-dir", tmp_path / "closed")

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"Error: {tmp_path / 'closed'}: Permission denied\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--once", "--install-from", "/x"], "--once only looks: leave out --install-from"),
        (["--node-name", "Not A Node", "--kubeconfig", "/x"], "'Not A Node' cannot be the name of a node"),
        ([], "This is not in a cluster: name one with --kubeconfig FILE or $KUBECONFIG, or use --once."),
        (["--kubeconfig", "/x"], "no credentials for the API server: /x: No such file or directory"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    seccomp: Run, arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "NODE_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("platform.node", lambda: "node-1")
    ran = seccomp("agent", *arguments)

    assert ran.status == 2
    assert words in ran.err


def test_it_ends_in_order_when_it_is_told_to(tmp_path: Path) -> None:
    """Also while the API server does not answer."""
    access = {
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "a", "user": {}}],
    }
    (tmp_path / "kubeconfig").write_text(json.dumps(access))
    process = subprocess.Popen(  # noqa: S603 - our own program
        [
            sys.executable, "-m", "webhook", "agent", "--seccomp-dir", tmp_path, "--node-name", "node-1",
            "--kubeconfig", tmp_path / "kubeconfig",
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    begun = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert begun[0]["message"] == f"telling of the profiles of node node-1 in {tmp_path}"
    assert (begun[1]["severity"], begun[1]["event"]) == ("warning", "agent")
    assert "connection refused" in begun[1]["message"]
    assert json.loads(rest.splitlines()[-1])["message"] == "stopped"
