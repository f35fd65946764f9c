"""Real connections to a real server, by good clients and bad ones."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from functools import partial
from typing import Any

import pytest

MIB = 1024 * 1024
LIMIT = 7 * MIB
JSON = {"Content-Type": "application/json"}
HEAD = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

Review = Callable[..., bytes]
# The fixtures' class, which tests cannot import.
Server = Any
Run = Callable[..., AbstractContextManager[Server]]


def padded(review: bytes, size: int) -> bytes:
    """The review with blanks before its end, *size* bytes in all."""
    return review[:-1] + b" " * (size - len(review)) + b"}"


def raw(server: Server, *parts: bytes) -> bytes:
    """All that comes back for bytes sent as they are, until the server closes."""
    with closing(server.connect()) as connection:
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_review_is_answered(server: Server, new_review: Review) -> None:
    response, body = server.send_review(new_review(uid="u-1"))
    answer = json.loads(body)

    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert (answer["apiVersion"], answer["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    assert (answer["response"]["uid"], answer["response"]["allowed"]) == ("u-1", False)
    assert answer["response"]["status"]["code"] == 403
    assert set(answer) == {"apiVersion", "kind", "response"}


def test_the_server_tells_nothing_of_what_it_is_made_of(server: Server) -> None:
    response, _ = server.ask("GET", "/livez")

    assert response.headers["Server"] == "seccomp-webhook"


def test_a_hundred_requests_on_one_connection(server: Server, new_review: Review) -> None:
    with closing(server.client()) as client:
        for number in range(100):
            client.request("POST", "/validate?timeout=10s", new_review(uid=f"u-{number}"), JSON)
            response = client.getresponse()

            assert json.loads(response.read())["response"]["uid"] == f"u-{number}"
            assert response.status == 200
            assert not response.will_close


def test_requests_may_be_sent_ahead(server: Server, new_review: Review) -> None:
    body = new_review(uid="ahead")
    last = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    answers = raw(server, (HEAD % len(body) + body) * 3 + last)

    assert answers.count(b"HTTP/1.1 200 OK") == 4
    assert answers.count(b'"uid":"ahead"') == 3


def test_http_1_0_is_answered_and_closed(server: Server) -> None:
    answer = raw(server, b"GET /livez HTTP/1.0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.0 200 OK")
    assert answer.endswith(b"\r\n\r\nok\n")


def test_what_is_put_into_a_pod_is_answered_beside(server: Server) -> None:
    response, body = server.send_review(path="/mutate")

    assert response.status == 200
    assert json.loads(body)["response"]["patchType"] == "JSONPatch"


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/validate", 405, "POST"),
        ("PUT", "/validate", 405, "POST"),
        ("OPTIONS", "/validate", 405, "POST"),
        ("POST", "/livez", 405, "GET, HEAD"),
        ("GET", "/", 404, None),
        ("GET", "/mutate", 405, "POST"),
        ("POST", "/convert", 404, None),
        ("POST", "/validate/", 404, None),
        ("POST", "//validate", 404, None),
        ("GET", "/healthz", 404, None),
        ("GET", "/static/x", 404, None),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(
    server: Server, method: str, path: str, status: int, allow: str | None
) -> None:
    response, body = server.ask(method, path)

    assert (response.status, response.headers["Allow"]) == (status, allow)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert b"/validate" in body or body.endswith((b"answers to GET alone\n", b"answers to POST alone\n"))


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON ;charset=UTF-8", 200),
        ("text/plain", 415),
        ("application/json+x", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
def test_reviews_are_json(server: Server, new_review: Review, content_type: str, status: int) -> None:
    response, body = server.ask("POST", "/validate", new_review(), {"Content-Type": content_type})

    assert response.status == status
    if status == 415:
        assert body == b"unable to process a request with a non-json content type\n"


def test_a_compressed_review_is_refused(server: Server) -> None:
    response, _ = server.ask("POST", "/validate", b"\x1f\x8b", JSON | {"Content-Encoding": "gzip"})

    assert response.status == 415


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "request body is empty"),
        (b"{", "unable to decode the request"),
        (b"\xff\xfe", "unable to decode the request"),
        (b"null", "unable to decode the request"),
        (b"[" * 100_000, "unable to decode the request"),
        (
            b'{"apiVersion": "admission.k8s.io/v1beta1", "kind": "AdmissionReview"}',
            "unable to decode the request",
        ),
        (b'{"apiVersion": "v1", "kind": "Pod"}', "unexpected AdmissionReview kind: /v1, Kind=Pod"),
    ],
)
def test_what_is_no_review_is_told_so(server: Server, body: bytes, sentence: str) -> None:
    response, said = server.ask("POST", "/validate", body, JSON | {"Content-Length": str(len(body))})

    assert response.status == 400
    assert said.decode().startswith(sentence)


def test_a_review_of_seven_mebibytes_is_answered(server: Server, new_review: Review) -> None:
    response, _ = server.send_review(padded(new_review(), LIMIT))

    assert response.status == 200


def test_a_byte_more_is_too_large(server: Server, new_review: Review) -> None:
    response, body = server.send_review(padded(new_review(), LIMIT + 1))

    assert response.status == 413
    assert body == b"request entity is too large; limit is 7340032 bytes\n"
    assert response.headers["Connection"] == "close"


def chunked(body: bytes) -> Iterator[bytes]:
    yield b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    yield b"Transfer-Encoding: chunked\r\n\r\n"
    for start in range(0, len(body), MIB):
        part = body[start : start + MIB]
        yield b"%x\r\n%b\r\n" % (len(part), part)


@pytest.mark.parametrize(("size", "status"), [(2000, 200), (LIMIT, 200), (LIMIT + 1, 413)])
def test_the_limit_holds_for_chunks_too(server: Server, new_review: Review, size: int, status: int) -> None:
    answer = raw(server, *chunked(padded(new_review(), size)), b"0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 %d " % status)


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(server: Server) -> None:
    answer = raw(server, HEAD % 99_999_999_999 + b"{")

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_stream_without_end_is_cut(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(next(chunked(b"")) + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 100 * MIB:
                connection.sendall(b"100000\r\n" + b" " * MIB + b"\r\n")
                sent += MIB
            answer = b""
        except OSError:
            answer = b"closed"

    assert sent < 40 * MIB, answer


@pytest.mark.parametrize(
    "broken",
    [
        b"zz\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhelloXX0\r\n\r\n",
        b"5;\x00\r\nhello\r\n0\r\n\r\n",
    ],
)
def test_broken_chunks_are_no_body(server: Server, broken: bytes) -> None:
    answer = raw(server, b"".join(list(chunked(b""))[:2]) + broken)

    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_body_that_ends_early_is_no_body(server: Server, new_review: Review) -> None:
    body = new_review()
    with closing(server.connect()) as connection:
        connection.sendall(HEAD % (len(body) + 5) + body)
        connection.shutdown(socket.SHUT_WR)

    assert server.ask("GET", "/livez")[0].status == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X-H: 1\r\n" * 5000 + b"\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nX-H: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /livez HTTP/3.7\r\nHost: x\r\n\r\n",
        b"GET /livez\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_closed(server: Server, head: bytes) -> None:
    try:
        answer = raw(server, head)
    except OSError:
        # One that is still talking may not hear it.
        answer = b"HTTP/1.1 4"

    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501"))
    assert server.ask("GET", "/livez")[0].status == 200


@contextmanager
def bad_clients(server: Server, number: int, start: bytes, *, tls: bool) -> Iterator[list[socket.socket]]:
    """So many connections that send *start* and then nothing."""
    with ExitStack() as stack:
        clients: list[socket.socket] = []
        for _ in range(number):
            if tls:
                client: socket.socket = server.connect()
            else:
                client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            stack.callback(client.close)
            client.sendall(start)
            clients.append(client)
        yield clients


HELLO = b"\x16\x03\x01\x02\x00"
STALLED = HEAD % 5000 + b"{"


def test_good_clients_are_answered_beside_forty_that_stall(run: Run) -> None:
    # Longer than the good ones wait: none of the stalled has been given up when they are answered.
    with (
        run(handshake_timeout=60.0, request_timeout=60.0) as server,
        bad_clients(server, 20, HELLO, tls=False),
        bad_clients(server, 20, STALLED, tls=True),
        bad_clients(server, 40, b"", tls=False),
    ):
        assert [server.send_review()[0].status for _ in range(5)] == [200] * 5


def test_more_that_stall_than_there_are_threads_are_given_up(server: Server) -> None:
    with (
        bad_clients(server, 60, HELLO, tls=False) as shaking,
        bad_clients(server, 20, STALLED, tls=True) as sending,
    ):
        assert server.send_review()[0].status == 200
        assert {told(client) for client in shaking} == {b""}
        answers = {told(client) for client in sending}

    assert len(answers) == 1
    (answer,) = answers
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"\r\n\r\nthe body of the request did not arrive in time\n")


def told(client: socket.socket) -> bytes:
    """All that a client hears until the server closes, but for the date."""
    answer = b"".join(iter(partial(client.recv, 4096), b""))
    return b"\r\n".join(line for line in answer.split(b"\r\n") if not line.startswith(b"Date:"))


def test_one_that_trickles_has_no_more_time_than_one_that_stops(server: Server) -> None:
    with closing(server.connect()) as connection:
        sent = 0
        with suppress(OSError):
            for sent in range(100):  # noqa: B007 - how far it came is the result
                connection.sendall(b"G")
                time.sleep(0.1)

    assert sent < 99


def test_one_that_never_closes_keeps_nobody(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            client = stack.enter_context(closing(server.connect()))
            client.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        statuses = [server.send_review()[0].status for _ in range(20)]

    assert statuses == [200] * 20


def test_plain_http_gets_no_answer(server: Server) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as plain:
        plain.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            answer = plain.recv(4096)
        except ConnectionError:
            answer = b""

    assert b"HTTP" not in answer


@pytest.mark.parametrize(
    ("version", "spoken"),
    [(ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")],
)
def test_tls_1_2_and_newer_is_spoken(server: Server, version: ssl.TLSVersion, spoken: str) -> None:
    context = ssl.create_default_context(cafile=server.folder / "tls" / "ca.crt")
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.version() == spoken
        assert connection.selected_alpn_protocol() == "http/1.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_1_1_is_refused(server: Server) -> None:
    context = ssl.create_default_context(cafile=server.folder / "tls" / "ca.crt")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_a_client_that_does_not_trust_us_is_told_of_in_the_log(server: Server) -> None:
    with (
        closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as plain,
        pytest.raises(ssl.SSLError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")

    assert server.wait_for("handshake", having="127.0.0.1: tlsv1 alert unknown ca: the client does not trust")


def test_ready_is_said_when_nothing_is_waited_for(server: Server) -> None:
    (server.folder / "wait").touch()
    not_ready, why = server.ask("GET", "/readyz")
    (server.folder / "wait").unlink()
    ready, _ = server.ask("GET", "/readyz")

    assert (not_ready.status, why) == (503, b"not ready: the namespaces\n")
    assert ready.status == 200
    assert server.ask("GET", "/livez")[1] == b"ok\n"


def test_what_is_decided_is_counted(server: Server, new_review: Review) -> None:
    def count(name: str) -> float:
        _, text = server.ask("GET", "/metrics")
        samples = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if not line.startswith("#"))
        return float(samples.get(name, 0))

    denied = (
        'pod_security_evaluations_total{decision="deny",mode="enforce",policy_level="restricted",'
        'policy_version="latest",request_operation="create",resource="pod",subresource=""}'
    )
    fatal = 'pod_security_errors_total{fatal="true",request_operation="create",resource="pod",subresource=""}'
    took = 'seccomp_webhook_request_duration_seconds_count{code="200",path="/validate"}'
    before = [count(name) for name in (denied, fatal, took)]

    server.send_review()
    server.send_review(new_review(namespace="nowhere"))
    after = [count(name) for name in (denied, fatal, took)]

    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 2]


def test_a_decision_is_one_line_of_json_whatever_names_say(server: Server, new_review: Review) -> None:
    forged = 'x\n{"event":"decision","uid":"forged"}\r\u2028\u0085\x1b[31m\u202e"\\'
    uid = f"hostile-{time.monotonic()}"

    server.send_review(new_review(uid=uid, name=forged, userInfo={"username": forged + "é" * 100_000}))
    server.send_review(new_review(uid=uid, name="second"))
    lines = [line for line in server.wait_for("decision", 2) if line["uid"] == uid]

    assert [line["name"] for line in lines] == [forged, "second"]
    assert lines[0]["user"] == (forged + "é" * 300)[:250] + "..."
    assert not [line for line in server.lines if line.get("uid") == "forged"]
    assert (server.folder / "out").read_bytes().isascii()


def test_a_decision_tells_all_that_matters(server: Server, new_review: Review) -> None:
    server.send_review(new_review(uid="told", dryRun=True))
    (line,) = [line for line in server.wait_for("decision") if line["uid"] == "told"]
    message = line.pop("message")

    assert message.startswith('pods "cart" is forbidden: violates PodSecurity "restricted:latest": ')
    assert line.pop("duration_ms") > 0
    assert line.pop("ts").startswith("20")
    assert line == {
        "severity": "info",
        "event": "decision",
        "uid": "told",
        "user": "jane",
        "namespace": "shop",
        "name": "cart",
        "operation": "CREATE",
        "resource": "pods",
        "decision": "deny",
        "code": 403,
        "level": "restricted",
        "version": "latest",
        "audit": "privileged:latest",
        "warn": "restricted:latest",
        "controls": [
            "allowPrivilegeEscalation",
            "capabilities_restricted",
            "runAsNonRoot",
            "seccompProfile_restricted",
        ],
        "dryRun": True,
    }
