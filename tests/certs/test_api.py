"""What is asked of an API server, and what is made of its answers."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from kubernetes.client import ApiClient, Configuration

from certs import configurations
from certs.api import Api, Unanswered
from certs.configurations import Kind, Published
from certs.places import Conflict, Refused
from certs.publish import Publisher
from certs.secret import Secret
from certs.watches import Watches, of_configuration

OURS = configurations.Configuration(Kind.VALIDATING, "checks")
MINUTE = timedelta(minutes=1)


class Asked(NamedTuple):
    method: str
    path: str
    kind: str
    body: Any


class Server:
    """Answers with what is given, oldest first, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[Asked] = []
        self.ahead = timedelta()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - its signature
                return format_datetime(datetime.now(UTC) + server.ahead, usegmt=True)

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                server.asked.append(Asked(self.command, self.path, self.headers["Content-Type"], body))
                status, content = server.answers.pop(0) if server.answers else (500, "nothing to say")
                text = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST = do_PATCH = answer  # noqa: N815 - names that http.server looks for

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    configuration = Configuration(host=server.url)
    client = ApiClient(configuration)
    yield Api(lambda: client, lambda: datetime.now(UTC))
    client.rest_client.pool_manager.clear()


def status(code: int, message: str) -> tuple[int, dict[str, object]]:
    return code, {"kind": "Status", "code": code, "message": message}


SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "type": "Opaque",
    "metadata": {"name": "tls", "namespace": "home", "resourceVersion": "7", "labels": {"a": "b"}},
    "data": {"tls.crt": base64.b64encode(b"one").decode(), "note": "bm90ZQ=="},
}


@pytest.mark.parametrize("content", ["", "<html>Log in</html>", "null", "[]", "[" * 50_000])
def test_an_answer_that_is_none_of_the_api_server_is_no_answer(
    server: Server, api: Api, content: str
) -> None:
    server.answers = [(200, content)] * 2

    for ask in (Secret(api, "home", "tls", ("tls.crt",)).load, lambda: Publisher(api).read(OURS)):
        with pytest.raises(Unanswered, match="is a proxy in the way"):
            ask()


def test_a_secret_is_changed_only_as_it_was_read_and_keeps_what_is_not_ours(server: Server, api: Api) -> None:
    secret = Secret(api, "home", "tls", ("tls.crt", "tls.key"))
    server.answers = [(200, SECRET), (200, SECRET)]
    files, version = secret.load()
    secret.save({"tls.key": b"two"}, version)

    assert (files, version) == ({"tls.crt": b"one"}, "7")
    put = server.asked[1]
    assert (put.method, put.path) == ("PUT", "/api/v1/namespaces/home/secrets/tls")
    assert put.body["metadata"]["resourceVersion"] == "7"
    assert put.body["metadata"]["labels"] == {"a": "b"}
    assert put.body["data"] == {"tls.key": base64.b64encode(b"two").decode(), "note": "bm90ZQ=="}


def test_a_secret_that_is_not_there_is_empty_and_is_made(server: Server, api: Api) -> None:
    secret = Secret(api, "home", "tls", ("tls.crt",))
    server.answers = [status(404, "not found"), (201, SECRET)]
    files, version = secret.load()
    secret.save({"tls.crt": b"one"}, version)

    assert (files, version) == ({}, "")
    assert (server.asked[1].method, server.asked[1].path) == ("POST", "/api/v1/namespaces/home/secrets")


@pytest.mark.parametrize("code", [404, 409])
def test_a_secret_that_somebody_else_changed_or_removed_is_a_conflict(
    server: Server, api: Api, code: int
) -> None:
    secret = Secret(api, "home", "tls", ("tls.crt",))
    server.answers = [(200, SECRET), status(code, "the object has been modified")]
    _, version = secret.load()

    with pytest.raises(Conflict):
        secret.save({}, version)


def test_a_secret_that_is_not_base64_is_refused(server: Server, api: Api) -> None:
    server.answers = [(200, {**SECRET, "data": {"tls.crt": "%"}})]

    with pytest.raises(Refused, match="not base64"):
        Secret(api, "home", "tls", ("tls.crt",)).load()


def test_a_bundle_is_applied_as_ours_and_to_what_was_read(server: Server, api: Api) -> None:
    server.answers = [(200, {})]
    Publisher(api).put(Published(OURS, "7", {"a": b""}, {}), b"one")

    [asked] = server.asked
    place, query = urlsplit(asked.path).path, parse_qs(urlsplit(asked.path).query)
    assert (asked.method, asked.kind) == ("PATCH", "application/apply-patch+yaml")
    assert place == "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/checks"
    assert query == {"fieldManager": ["seccomp-webhook-certificates"], "force": ["true"]}
    assert asked.body["metadata"] == {"name": "checks", "resourceVersion": "7"}


def test_a_configuration_that_is_not_there_is_nothing_and_no_failure(server: Server, api: Api) -> None:
    server.answers = [status(404, "not found"), status(409, "modified")]

    assert Publisher(api).read(OURS) is None
    with pytest.raises(Conflict):
        Publisher(api).put(Published(OURS, "7", {"a": b""}, {}), b"one")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (status(403, 'User "we" cannot'), r'^missing permission: get things: User "we" cannot$'),
        (status(500, "etcd is gone"), "^get things: the API server answered 500: etcd is gone$"),
        ((502, "<html>"), "^get things: the API server answered 502: <html>$"),
    ],
)
def test_what_the_api_server_refuses_is_told_with_what_was_asked(
    server: Server, api: Api, answer: tuple[int, Any], words: str
) -> None:
    server.answers = [answer]

    with pytest.raises(Unanswered, match=words):
        api.ask("GET", "/things", "get things")


def test_no_credentials_and_no_server_are_told_and_tried_again() -> None:
    ends = iter([FileNotFoundError("kubeconfig: there is no such file")])

    def connect() -> ApiClient:
        for error in ends:
            raise error
        return ApiClient(Configuration(host="http://127.0.0.1:1"))

    api = Api(connect, lambda: datetime.now(UTC))
    with pytest.raises(Unanswered, match="no credentials for the API server: kubeconfig: there is no such"):
        api.ask("GET", "/things", "get things")
    with pytest.raises(Unanswered, match=r"get things: no answer from http://127\.0\.0\.1:1: "):
        api.ask("GET", "/things", "get things")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0 * MINUTE, ""),
        (3 * MINUTE, ""),
        (-3 * MINUTE, ""),
        (10 * MINUTE, "behind"),
        (-9 * MINUTE, "ahead of"),
    ],
)
def test_a_clock_far_from_the_api_servers_is_noticed(
    server: Server, api: Api, ahead: timedelta, words: str
) -> None:
    assert api.clock_problem() is None
    server.ahead = ahead
    server.answers = [(200, {})]
    api.ask("GET", "/things", "get things")
    problem = api.clock_problem() or ""

    assert bool(problem) == bool(words)
    assert words in problem


def test_every_line_of_a_watch_is_told_and_a_refusal_too(server: Server, api: Api) -> None:
    changes, heard, failures, stopped = [], Event(), [], Event()

    def changed() -> None:
        changes.append(1)
        if len(changes) == 2:
            heard.set()

    def failed(problem: str) -> None:
        failures.append(problem)
        stopped.set()

    server.answers = [(200, '{"type":"ADDED"}\n{"type":"MODIFIED"}\n'), status(403, "cannot watch")]
    Watches(api, changed, failed).start([of_configuration(OURS)], stopped)

    assert heard.wait(30)
    assert stopped.wait(30)
    words = "missing permission: watch validatingwebhookconfigurations checks: cannot watch"
    assert failures == [words]
    query = parse_qs(urlsplit(server.asked[0].path).query)
    assert query["fieldSelector"] == ["metadata.name=checks"]
