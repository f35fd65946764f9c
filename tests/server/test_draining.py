"""What those hear who are connected when a server stops."""

import json
import os
import signal
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

Review = Callable[..., bytes]
# The fixtures' class, which tests cannot import.
Server = Any
Run = Any

JSON = {"Content-Type": "application/json"}
HEAD = b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
LIVEZ = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE = 20.0


def heard(connection: ssl.SSLSocket) -> bytes:
    """Everything until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def stop(server: Server) -> None:
    server.process.terminate()
    server.wait_for("server", having="Handling signal: term")


def worker_of(server: Server) -> int:
    return int(server.wait_for("server", having="Booting worker")[0]["message"].rpartition(" ")[2])


def test_at_a_stop_every_answer_is_the_last_of_its_connection(run: Run, new_review: Review) -> None:
    with run() as server, closing(server.connect()) as kept, closing(server.connect()) as slow:
        kept.sendall(LIVEZ)
        assert b"Connection: keep-alive" in kept.recv(65536)
        body = new_review(uid="slow", namespace="slow")
        slow.sendall(HEAD % len(body) + body)
        stop(server)
        kept.sendall(LIVEZ)

        last, slows = heard(kept), heard(slow)
        assert b"HTTP/1.1 200 OK" in last
        assert b"Connection: close" in last
        assert b'"uid":"slow"' in slows
        assert b"Connection: close" in slows
        assert server.process.wait(PATIENCE) == 0


def test_at_a_stop_quiet_connections_are_closed_and_the_server_ends(run: Run) -> None:
    with run(graceful_timeout=60) as server, closing(server.connect()) as quiet:
        quiet.sendall(LIVEZ)
        assert quiet.recv(65536)
        stop(server)

        # Far sooner than the time for those who are busy, or for one who is idle.
        assert heard(quiet) == b""
        assert server.process.wait(PATIENCE) == 0


def test_at_a_stop_a_request_that_is_being_sent_is_served(run: Run, new_review: Review) -> None:
    body = new_review(uid="half")
    with run() as server, closing(server.connect()) as sending:
        sending.sendall(HEAD % len(body) + body[:100])
        time.sleep(0.3)
        stop(server)
        time.sleep(2.5)
        sending.sendall(body[100:])

        assert b'"uid":"half"' in heard(sending)
        assert server.process.wait(PATIENCE) == 0


def test_one_who_connected_before_the_stop_is_served_after_it(run: Run, new_review: Review) -> None:
    body = new_review(uid="late")
    with run() as server, closing(server.connect()) as late:
        stop(server)
        time.sleep(0.5)
        late.sendall(HEAD % len(body) + body)

        assert b'"uid":"late"' in heard(late)


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGQUIT])
def test_an_interrupt_waits_for_no_review(run: Run, new_review: Review, which: signal.Signals) -> None:
    body = new_review(namespace="stuck")
    with run() as server, closing(server.connect()) as stuck:
        stuck.sendall(HEAD % len(body) + body)
        time.sleep(0.3)
        server.process.send_signal(which)

        # It would take five minutes, and the grace of a stop 25 seconds.
        assert server.process.wait(PATIENCE) == 0
        assert heard(stuck) == b""
    assert (server.folder / "err").read_text() == ""


def test_a_stop_waits_for_a_review_that_never_ends_no_longer_than_its_grace(
    run: Run, new_review: Review
) -> None:
    body = new_review(namespace="stuck")
    with run(graceful_timeout=2) as server, closing(server.connect()) as stuck:
        stuck.sendall(HEAD % len(body) + body)
        time.sleep(0.3)
        stop(server)

        assert server.process.wait(PATIENCE) == 0
    assert (server.folder / "err").read_text() == ""


def test_a_worker_ends_when_the_process_is_gone_that_started_it(run: Run, new_review: Review) -> None:
    with run() as server, closing(server.client()) as client:
        worker = worker_of(server)
        client.request("POST", "/validate", new_review(), JSON)
        assert json.loads(client.getresponse().read())["response"]["allowed"] is False
        server.process.kill()
        server.process.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while is_alive(worker):
            assert time.monotonic() < end, "the worker lives on"
            time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = f"/proc/{process}/stat"
    # Whose parent is gone may wait for somebody to take note of its end.
    if os.path.exists(status):  # noqa: PTH110 - one name, twice
        with open(status) as file:  # noqa: PTH123 - as above
            return file.read().rpartition(")")[2].split()[0] != "Z"
    return True
