"""``serve``: from the options to a webhook that answers, and one sentence where it cannot be."""

import http.client
import json
import re
import shlex
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import ended, started
from tests.reports.contract import read_report

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMESPACES = ("--namespaces", EXAMPLES / "namespaces.yaml")


class Webhook:
    """A webhook that listens, as its output describes it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = iter(process.stdout.readline, b"")
        self.port: int = next(json.loads(line)["port"] for line in lines if b'"listening"' in line)
        self.greeting = "".join(process.stderr.readline().decode() for _ in range(4))
        self.curl = shlex.split(self.greeting.partition("Try it: ")[2])

    def review(self, body: bytes) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.ask("POST", "/validate", body))["response"]

    def metrics(self) -> str:
        return self.ask("GET", "/metrics").decode()

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        authority = self.curl[self.curl.index("--cacert") + 1]
        context = ssl.create_default_context(cafile=authority)
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=30)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        connection.close()
        return answer


@pytest.fixture(scope="module")
def webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    folder = tmp_path_factory.mktemp("serve") / "tls"
    process = started(
        ["serve", "--self-signed", "--tls-dir", folder, *NAMESPACES, "--address", "127.0.0.1"],
        environment={"SECCOMP_WEBHOOK_SERVE_PORT": "0", "SECCOMP_WEBHOOK_PORT": "tcp://10.0.0.1:443"},
    )
    yield Webhook(process)
    process.send_signal(signal.SIGTERM)

    assert ended(process).status == 0


def review(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((EXAMPLES / f"review-{name}.json").read_text())["request"]


def test_it_says_how_to_talk_to_it(webhook: Webhook) -> None:
    assert webhook.curl[0] == "curl"
    assert webhook.curl[-1] == f"https://127.0.0.1:{webhook.port}/validate"
    assert f"@{EXAMPLES}/review-pod-refused.json" in webhook.curl
    assert re.search(r"^ +([0-9A-F]{2}:){31}[0-9A-F]{2}$", webhook.greeting, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "code", "warnings"),
    [
        ("pod-refused", 403, 0),
        ("pod-allowed", 200, 0),
        ("deployment-warned", 200, 1),
        ("namespace-tightened", 200, 2),
    ],
)
def test_the_examples_are_answered_as_they_are_called(
    webhook: Webhook, name: str, code: int, warnings: int
) -> None:
    answer = webhook.review((EXAMPLES / f"review-{name}.json").read_bytes())

    assert answer["allowed"] is (code == 200)
    assert answer.get("status", {}).get("code", 200) == code
    assert len(answer.get("warnings", ())) == warnings


@pytest.mark.parametrize(
    ("manifest", "name"),
    [
        ("pod-refused.yaml", "pod-refused"),
        ("pod-allowed.yaml", "pod-allowed"),
        ("deployment-refused.yaml", "deployment-warned"),
    ],
)
def test_check_and_the_webhook_agree_on_the_examples(
    seccomp: Run, webhook: Webhook, tmp_path: Path, manifest: str, name: str
) -> None:
    written = tmp_path / "object.json"
    written.write_text(json.dumps(review(name)["object"]))
    files = (written, EXAMPLES / manifest)
    offline = [read_report(seccomp("check", "-o", "json", file).out) for file in files]
    answer = webhook.review((EXAMPLES / f"review-{name}.json").read_bytes())
    online = answer.get("warnings", [answer.get("status", {}).get("message", "")])[0]

    messages = {report.results[0].message.removeprefix("would violate ") for report in offline}
    assert messages == {re.sub(r"^.*?violates? (?=PodSecurity)", "", online)}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_one_sentence_and_no_greeting(tmp_path: Path, taken: int) -> None:
    place = ("--address", "127.0.0.1", "--port", taken)
    ran = ended(started(["serve", "--self-signed", "--tls-dir", tmp_path / "tls", *NAMESPACES, *place]))

    assert ran.status == 2
    assert ran.err == f"Error: 127.0.0.1 port {taken}: Address already in use\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--tls-dir", "tls"], "or manifests of namespaces with --namespaces FILE."),
        (
            ["--tls-dir", "tls", "--kubeconfig", "missing"],
            "Error: no credentials for the API server: missing: No such file or directory",
        ),
        ([*NAMESPACES, "--kubeconfig", "x"], "or manifests with --namespaces; not both."),
        ([*NAMESPACES], "Name a folder for tls.crt and tls.key with --tls-dir DIR."),
        ([*NAMESPACES, "--tls-dir", "/nowhere"], "tls.crt: No such file or directory (--self-signed makes"),
        (
            [*NAMESPACES, "--tls-dir", "tls", "--client-ca", "ca.crt"],
            "Give --client-ca and --client-name together: an authority vouches for more than the API server.",
        ),
        (
            [*NAMESPACES, "--tls-dir", "tls", "--client-name", "kube-apiserver"],
            "Give --client-ca and --client-name together: an authority vouches for more than the API server.",
        ),
        (["--log-rate", "-1"], "-1 is not in the range x>=0."),
        (["--port", "65536"], "65536 is not in the range 0<=x<=65535."),
        (["--port", "https"], "'https' is not a valid integer range."),
        (["--workers", "0"], "0 is not in the range 1<=x<=64."),
        (
            [*NAMESPACES, "--tls-dir", "tls", "--self-signed", "--address", "not a name"],
            "Error: 'not a name' is neither a host name nor an IP address",
        ),
        (["--config", EXAMPLES / "pod-allowed.yaml"], "pod-allowed.yaml: no kind"),
        (["--namespaces", "missing.yaml", "--tls-dir", "x"], "missing.yaml: cannot read this: there is no"),
    ],
)
def test_wrong_use_is_one_sentence(seccomp: Run, arguments: list[object], complaint: str) -> None:
    ran = seccomp("serve", "--port", 0, *arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert complaint in ran.err.splitlines()[-1]


def test_what_is_wrong_with_namespaces_is_told_with_its_lines(seccomp: Run, tmp_path: Path) -> None:
    file = tmp_path / "namespaces.yaml"
    file.write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n    b: 1\n---\n"
        "apiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec:\n  hostPID: 1\n"
    )
    ran = seccomp("serve", "--namespaces", file, "--tls-dir", tmp_path)

    assert ran.status == 2
    assert [line.partition(": ")[0] for line in ran.err.splitlines()] == [f"{file}:6", f"{file}:12"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "No such file or directory"), ("no certificate", "there is no certificate in it, in PEM")],
)
def test_an_authority_of_clients_that_is_none_is_one_sentence(
    seccomp: Run, tmp_path: Path, content: str | None, complaint: str
) -> None:
    authority = tmp_path / "clients.crt"
    if content is not None:
        authority.write_text(content)
    named = ("--client-ca", authority, "--client-name", "kube-apiserver")
    place = ("--address", "127.0.0.1", "--port", 0, "--self-signed", "--tls-dir", tmp_path / "tls")
    ran = seccomp("serve", *NAMESPACES, *place, *named)

    assert ran.status == 2
    assert ran.err == f"Error: {authority}: {complaint}\n"


def test_a_key_that_is_none_is_one_sentence(seccomp: Run, tmp_path: Path) -> None:
    for name in ("tls.crt", "tls.key"):
        (tmp_path / name).write_text("no key")
    ran = seccomp("serve", "--port", 0, *NAMESPACES, "--tls-dir", tmp_path)

    assert ran.status == 2
    assert ran.err.startswith(f"Error: {tmp_path}/tls.")
    assert ran.err.count("\n") == 1


def test_a_folder_that_others_may_write_is_no_place_for_keys(seccomp: Run, tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    folder.chmod(0o777)
    ran = seccomp("serve", "--port", 0, *NAMESPACES, "--self-signed", "--tls-dir", folder)

    assert ran.status == 2
    assert f"run: chmod go-w {folder}" in ran.err


def test_a_configuration_that_changes_is_in_force_without_a_restart(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    head = "apiVersion: seccomp-webhook.io/v1\nkind: Configuration\n"
    config.write_text(head)
    process = started(
        ["serve", "--self-signed", "--tls-dir", tmp_path / "tls", *NAMESPACES, "--config", config],
        environment={"SECCOMP_WEBHOOK_SERVE_PORT": "0", "SECCOMP_WEBHOOK_SERVE_ADDRESS": "127.0.0.1"},
    )
    webhook = Webhook(process)
    body = (EXAMPLES / "review-pod-refused.json").read_bytes()
    try:
        assert not webhook.review(body)["allowed"]
        assert process.stdout is not None
        lines = (json.loads(line) for line in iter(process.stdout.readline, b""))

        config.write_text(f"{head}mutations: {{}}\n")
        kept = next(line for line in lines if line["event"] == "configuration")
        assert kept["severity"] == "warning"
        assert f'{config}:3: unknown field "mutations"; did you mean mutation?' in kept["message"]
        assert not webhook.review(body)["allowed"]

        config.write_text(f"{head}podSecurity: {{exemptions: {{namespaces: [shop]}}}}\n")
        changed = next(
            line for line in lines if line["event"] == "configuration" and line["severity"] == "info"
        )
        assert changed["message"] == "a new configuration is in force: exemptions"
        assert webhook.review(body)["auditAnnotations"] == {"exempt": "namespace"}
        text = webhook.metrics()
        assert 'seccomp_webhook_configuration_reloads_total{result="success"} 1.0' in text
        assert "seccomp_webhook_configuration_valid 1.0" in text
    finally:
        process.send_signal(signal.SIGTERM)
    assert ended(process).status == 0


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("web.json", ""),
        (
            "web",
            'pod must not use seccomp profile "web": it is missing on node this-node; did you mean web.json?',
        ),
        ("audit.json", "it restricts nothing on node this-node, which level restricted does not allow"),
    ],
)
def test_what_is_asked_of_profiles_can_be_tried_without_a_cluster(
    tmp_path: Path, profile: str, words: str
) -> None:
    process = started(
        [
            "serve", "--self-signed", "--tls-dir", tmp_path / "tls", *NAMESPACES, "--address", "127.0.0.1",
            "--port", "0", "--config", EXAMPLES / "configuration.yaml", "--profiles", EXAMPLES / "profiles",
        ]
    )  # fmt: skip
    request = review("pod-allowed")
    context = {"type": "Localhost", "localhostProfile": profile}
    request["object"]["spec"]["securityContext"]["seccompProfile"] = context
    answer = Webhook(process).review(
        json.dumps(
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        ).encode()
    )
    process.send_signal(signal.SIGTERM)

    assert ended(process).status == 0
    assert answer["allowed"] is not bool(words)
    assert words in answer.get("status", {}).get("message", "")


def test_a_folder_of_profiles_that_is_not_there_is_told(seccomp: Run, tmp_path: Path) -> None:
    arguments = ("serve", "--self-signed", "--tls-dir", tmp_path / "tls", *NAMESPACES)
    ran = seccomp(*arguments, "--profiles", tmp_path / "nowhere")

    assert ran.status == 2
    assert ran.err == f"Error: {tmp_path}/nowhere: there is no such folder\n"
