"""What a running server counts and logs, while things happen to it."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from certs import Names, self_signed

Review = Callable[..., bytes]
# The fixtures' class, which tests cannot import.
Server = Any
Run = Any

JSON = {"Content-Type": "application/json"}
PATIENCE = 20.0
EXPIRY = 'seccomp_webhook_certificate_not_after_timestamp_seconds{kind="leaf"}'


def value(server: Server, name: str) -> float:
    _, text = server.ask("GET", "/metrics")
    samples = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if not line.startswith("#"))
    return float(samples.get(name, 0))


def until(server: Server, name: str, wanted: Callable[[float], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not wanted(found := value(server, name)):
        assert time.monotonic() < end, f"{name} is {found}"
        time.sleep(0.02)


def expiry_shown(server: Server) -> float:
    with server.connect() as connection:
        return float(ssl.cert_time_to_seconds(connection.getpeercert()["notAfter"]))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_expiry_of_what_is_served_is_told_and_reloads_are_counted(run: Run, workers: int) -> None:
    reloads = 'seccomp_webhook_certificate_reloads_total{result="%s"}'
    with run(workers=workers) as server:
        server.wait_for("server", workers, having="Booting worker")
        time.sleep(1.1)  # the next certificate shall end in another second
        until(server, EXPIRY, lambda found: found == expiry_shown(server))
        before = expiry_shown(server)
        self_signed(server.folder / "tls", Names.parse(["localhost", "x.svc"]), now=datetime.now(UTC))
        server.wait_for("certificate", workers, having="serving a new certificate")
        until(server, reloads % "success", lambda found: found == workers)
        until(server, EXPIRY, lambda found: found > before)

        assert value(server, EXPIRY) == expiry_shown(server)
        assert value(server, reloads % "failure") == 0
        (server.folder / "tls" / "tls.key").write_text("no key")
        until(server, reloads % "failure", lambda found: found == workers)
        assert value(server, EXPIRY) == expiry_shown(server)


def test_connections_and_requests_in_flight_are_told(run: Run, new_review: Review) -> None:
    connections, in_flight = "seccomp_webhook_connections", "seccomp_webhook_requests_in_flight"
    body = new_review(namespace="slow")
    with run() as server, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(closing(server.connect()))
        until(server, connections, lambda found: 3 <= found <= 4)
        until(server, in_flight, lambda found: found == 0)
        # One whose body is on its way counts.
        halves = [stack.enter_context(closing(server.connect())) for _ in range(3)]
        for half in halves:
            half.sendall(b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        until(server, in_flight, lambda found: 3 <= found <= 4)
        for half in halves:
            half.close()
        until(server, in_flight, lambda found: found == 0)
        clients: list[HTTPSConnection] = []
        for _ in range(30):
            client = stack.enter_context(closing(server.client()))
            client.request("POST", "/validate", body, JSON)
            clients.append(client)
        until(server, in_flight, lambda found: found > 0)
        assert [client.getresponse().status for client in clients] == [200] * 30
        until(server, in_flight, lambda found: found == 0)
        stack.close()
        until(server, connections, lambda found: found <= 1)


@pytest.mark.parametrize(
    ("reason", "request_of"),
    [
        ("not_found", ("GET", "/nowhere", b"", {})),
        ("method", ("PUT", "/validate", b"", {})),
        ("content_type", ("POST", "/validate", b"{}", {"Content-Type": "text/plain"})),
        ("content_encoding", ("POST", "/validate", b"{}", JSON | {"Content-Encoding": "gzip"})),
        ("empty", ("POST", "/validate", b"", JSON)),
        ("no_review", ("POST", "/validate", b"{}", JSON)),
        ("not_http", ("GET", "/livez", b"", {"Connection": "upgrade", "Upgrade": "x"})),
        ("head_too_large", ("GET", "/livez?" + "a" * 5000, b"", {})),
    ],
)
def test_what_is_refused_is_counted_by_its_reason(
    server: Server, reason: str, request_of: tuple[str, str, bytes, dict[str, str]]
) -> None:
    name = f'seccomp_webhook_refused_total{{reason="{reason}"}}'
    before = value(server, name)

    server.ask(*request_of)

    assert value(server, name) - before == 1


def test_a_handshake_that_fails_is_counted(server: Server) -> None:
    name = 'seccomp_webhook_refused_total{reason="handshake"}'
    before = value(server, name)
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as plain:
        plain.sendall(b"GET /livez HTTP/1.1\r\n\r\n")
        plain.recv(100)

    until(server, name, lambda found: found - before == 1)


def test_decisions_are_limited_in_the_log_and_what_was_left_out_is_counted(
    run: Run, new_review: Review
) -> None:
    with run(log_rate=2) as server:
        with closing(server.client()) as client:
            for _ in range(100):
                client.request("POST", "/validate", new_review(), JSON)
                client.getresponse().read()
        time.sleep(1.1)  # for a line more
        server.send_review(new_review(uid="last"))
        server.wait_for("decision", having="'uid': 'last'")
        lines = [line for line in server.lines if line["event"] == "decision"]

    assert len(lines) < 50
    assert len(lines) + sum(line.get("suppressed", 0) for line in lines) == 101
    assert lines[-1]["suppressed"] > 0


@contextmanager
def unread(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", HTTPSConnection]]:
    """A server whose log goes to a pipe that is read up to its port, and a client."""
    program = Path(__file__).with_name("program.py")
    process = subprocess.Popen(  # noqa: S603 - this interpreter, a program of ours
        [sys.executable, "-W", "error", program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"{}")
    process.stdin.close()
    lines = (json.loads(line) for line in iter(process.stdout.readline, b""))
    port = next(line["port"] for line in lines if line["event"] == "listening")
    context = ssl.create_default_context(cafile=folder / "tls" / "ca.crt")
    client = HTTPSConnection("localhost", port, timeout=PATIENCE, context=context)
    try:
        yield process, client
    finally:
        client.close()
        process.terminate()
        process.stdout.read()
        process.wait(PATIENCE)
        process.stdout.close()


def test_a_log_that_nobody_reads_delays_no_answer_and_says_later_what_is_missing(
    tmp_path: Path, new_review: Review
) -> None:
    sent = 400
    with unread(tmp_path) as (process, client):
        # Lines on the loop, and lines of threads.
        for number in range(sent):
            client.request("POST", "/validate", new_review(namespace="shop", uid=f"u-{number}"), JSON)
            assert client.getresponse().read()
        client.request("POST", "/validate", new_review(namespace="slow", uid="slow"), JSON)
        assert json.loads(client.getresponse().read())["response"]["uid"] == "slow"
        client.request("GET", "/livez")
        assert client.getresponse().read() == b"ok\n"

        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        log = b""
        end = time.monotonic() + PATIENCE
        while b"are missing here" not in log:
            assert time.monotonic() < end, log[-1000:]
            log += process.stdout.read() or b""
            client.request("POST", "/validate", new_review(uid="read on"), JSON)
            client.getresponse().read()
            log += process.stdout.read() or b""
        os.set_blocking(process.stdout.fileno(), True)

    lines = [json.loads(line) for line in log.splitlines(keepends=True) if line.endswith(b"\n")]
    (told,) = [line for line in lines if line["event"] == "log"]
    lost = int(told["message"].split()[0])
    uids = [line["uid"] for line in lines if line["event"] == "decision"]
    assert told["message"].endswith("lines are missing here: they could not be written")
    assert 0 < lost <= sent + 2
    assert uids[:20] == [f"u-{number}" for number in range(20)]
