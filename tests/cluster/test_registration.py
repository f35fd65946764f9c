"""The webhook's registration, ended and tried: requests and answers of an API server, word for word."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cluster.conftest import kubeconfig
from webhook.cluster import Access
from webhook.cluster.failure import Failure
from webhook.cluster.registration import NotRegistered, Trial, is_a_configuration, remove, tried

VALIDATING = "ValidatingWebhookConfiguration"
PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/guard"
PATCH = "/api/v1/namespaces/default?dryRun=All&fieldManager=seccomp-webhook-test"
DENIED = (
    'admission webhook "validate.seccomp-webhook.io" denied the request: Namespace "default" is invalid: '
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "no-such-level"'
)
BUILT_IN = 'Namespace "default" is invalid: metadata.labels[...]: Invalid value: "no-such-level"'


class Scripted(HTTPServer):
    """Answers requests in turn, each with a code, words, and warnings."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[tuple[int, str, str]] = []
        self.asked: list[tuple[str, str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, json.loads(body) if body else None))
        code, message, warning = self.server.script.pop(0)
        text = json.dumps({"kind": "Status", "message": message, "code": code}).encode()
        self.send_response(code)
        if warning:
            self.send_header("Warning", f'299 - "{warning}"')
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_DELETE = do_PATCH = _answer  # noqa: N815 - names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def api() -> Iterator[Scripted]:
    server = Scripted()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def access(api: Scripted, tls: Path, tmp_path: Path) -> Access:
    url = f"http://127.0.0.1:{api.server_address[1]}"
    return Access.of_kubeconfig(str(kubeconfig(tmp_path, url, tls / "ca.crt")))


@pytest.mark.parametrize(("code", "was_there"), [(200, True), (404, False)])
def test_a_configuration_is_deleted_by_its_name(
    api: Scripted, access: Access, code: int, *, was_there: bool
) -> None:
    api.script = [(code, "", "")]

    assert remove(access, VALIDATING, "guard") is was_there
    assert [each[:2] for each in api.asked] == [("DELETE", PATH)]


def test_a_missing_permission_is_named(api: Scripted, access: Access) -> None:
    api.script = [(403, 'User "we" cannot delete resource', "")]

    with pytest.raises(Failure, match="missing permission: delete validatingwebhookconfigurations: User"):
        remove(access, VALIDATING, "guard")


def test_an_api_server_that_is_not_there_is_named(api: Scripted, access: Access) -> None:
    api.shutdown()
    api.server_close()

    with pytest.raises(Failure, match="nothing listens at http://127"):
        remove(access, VALIDATING, "guard")


@pytest.mark.parametrize(
    ("script", "trial"),
    [
        ([(422, DENIED, "")], Trial.REFUSED),
        ([(200, "", "audit only, would be refused: Namespace is invalid")], Trial.TOLD),
        ([(422, BUILT_IN, ""), (200, "", "")], Trial.BUILT_IN),
    ],
)
def test_a_change_that_must_be_refused_shows_who_refuses(
    api: Scripted, access: Access, script: list[tuple[int, str, str]], trial: Trial
) -> None:
    api.script = list(script)

    assert tried(access, "default") is trial
    assert {each[:2] for each in api.asked} == {("PATCH", PATCH)}
    levels = [each[2]["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") for each in api.asked]
    assert levels == ["no-such-level", None][: len(script)]


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        ([(200, "", "")], NotRegistered, "not registered for it, or cannot be called"),
        ([(200, "", "something else")], NotRegistered, "failurePolicy Ignore"),
        ([(403, "namespaces is forbidden", "")], Failure, "missing permission: patch namespaces"),
        (
            [(500, 'Internal error occurred: failed calling webhook "x": no endpoints', "")],
            Failure,
            'failed calling webhook "x": no endpoints',
        ),
        ([(422, BUILT_IN, ""), (500, "failed calling webhook", "")], Failure, "failed calling webhook"),
    ],
)
def test_what_is_wrong_with_the_registration_is_said(
    api: Scripted,
    access: Access,
    script: list[tuple[int, str, str]],
    error: type[Exception],
    words: str,
) -> None:
    api.script = list(script)

    with pytest.raises(error, match=words):
        tried(access, "default")


@pytest.mark.parametrize(
    ("kind", "name", "can_be"),
    [
        (VALIDATING, "guard", True),
        ("MutatingWebhookConfiguration", "a.b-c", True),
        ("Namespace", "guard", False),
        (VALIDATING, "../namespaces/default", False),
        (VALIDATING, "", False),
        (VALIDATING, "guard?x=y", False),
    ],
)
def test_only_configurations_of_webhooks_can_be_named(kind: str, name: str, *, can_be: bool) -> None:
    assert is_a_configuration(kind, name) is can_be
