"""The end of a server, and several workers: nobody who was let in is lost, and nothing that was counted."""

import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from certs import Names, self_signed
from webhook.config import DEFAULTS
from webhook.server import CannotServe, ServeOptions, serve

Review = Callable[..., bytes]
# The fixtures' class, which tests cannot import.
Server = Any
Run = Callable[..., AbstractContextManager[Server]]

# Never asked: these servers do not start.
NOBODY = Any

JSON = {"Content-Type": "application/json"}
FATAL = {"error", "critical"}


class Load:
    """Clients that ask, one request after the other, until the server refuses them."""

    def __init__(self, server: Server, body: bytes, clients: int, *, keeps_alive: bool) -> None:
        self._server = server
        self._body = body
        self._keeps_alive = keeps_alive
        self.answered = 0
        self.reset = 0
        self.lost: list[str] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        client = self._server.client()
        while True:
            try:
                if client.sock is None:
                    client.connect()
            except OSError as error:
                # Who is refused was never let in. The kernel may have let one in between the server's last
                # look and the end of listening, and reset it before anything was asked.
                with self._lock:
                    self.reset += not isinstance(error, ConnectionRefusedError)
                return
            try:
                client.request("POST", "/validate", self._body, JSON)
                response = client.getresponse()
                response.read()
            except (OSError, HTTPException) as error:
                with self._lock:
                    self.lost.append(repr(error))
                return
            with self._lock:
                self.answered += response.status == 200
            if not self._keeps_alive:
                client.close()


def assert_nobody_is_lost(server: Server, load: Load) -> None:
    until = time.monotonic() + 20
    while load.answered < 100 and time.monotonic() < until:
        time.sleep(0.02)
    status = server.stop()
    load.wait()

    assert (status, load.lost) == (0, [])
    assert load.answered >= 100
    assert load.reset <= 4
    assert len([line for line in server.lines if line["event"] == "decision"]) == load.answered
    assert [line for line in server.lines if line["severity"] in FATAL] == []


def test_a_stop_under_load_loses_nobody_on_kept_connections(run: Run, new_review: Review) -> None:
    with run() as server:
        assert_nobody_is_lost(server, Load(server, new_review(), 8, keeps_alive=True))


def test_a_stop_under_load_loses_nobody_on_new_connections(run: Run, new_review: Review) -> None:
    with run() as server:
        assert_nobody_is_lost(server, Load(server, new_review(), 8, keeps_alive=False))


def test_an_interrupt_stops_at_once(run: Run) -> None:
    with run() as server, server.connect():
        server.process.send_signal(signal.SIGINT)

        assert server.process.wait(10) == 0


def test_a_worker_that_dies_is_replaced(run: Run) -> None:
    with run() as server:
        (booted,) = server.wait_for("server", having="Booting worker")
        os.kill(int(booted["message"].rpartition(" ")[2]), signal.SIGKILL)
        server.wait_for("server", 2, having="Booting worker")

        assert server.ask("GET", "/livez")[0].status == 200


def test_a_new_worker_begins_with_the_certificate_of_now(run: Run) -> None:
    with run() as server:
        (booted,) = server.wait_for("server", having="Booting worker")
        self_signed(server.folder / "tls", Names.parse(["now.svc"]), now=datetime.now(UTC))
        server.wait_for("certificate", having="serving a new certificate")
        os.kill(int(booted["message"].rpartition(" ")[2]), signal.SIGKILL)

        # It waits at the door until there is a worker, and is the first that is let in.
        with server.connect() as connection:
            shown = connection.getpeercert()

    assert shown is not None
    assert dict(shown["subject"][0])["commonName"] == "now.svc"


def test_a_stop_waits_for_what_takes_long(run: Run, new_review: Review) -> None:
    with run() as server:
        load = Load(server, new_review(namespace="slow"), 8, keeps_alive=False)
        time.sleep(0.15)
        status = server.stop()
        load.wait()

    assert (status, load.lost) == (0, [])
    assert load.answered >= 8


def counted(server: Server) -> float:
    _, text = server.ask("GET", "/metrics")
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in text.decode().splitlines()
        if line.startswith("pod_security_evaluations_total{")
    )


def test_several_workers_count_together_and_what_an_ended_one_counted_stays(
    run: Run, new_review: Review
) -> None:
    with run(workers=2) as server:
        zeros = counted(server)
        for _ in range(20):
            server.send_review(new_review())
        before = counted(server)
        workers = [line["message"] for line in server.wait_for("server", 2, having="Booting worker")]
        ended = int(workers[0].rpartition(" ")[2])
        os.kill(ended, signal.SIGTERM)
        server.wait_for("server", 3, having="Booting worker")
        for _ in range(20):
            server.send_review(new_review())
        after = counted(server)
        (kept,) = counters_of(ended)
        server.stop()

    assert (zeros, before, after) == (0, 20, 40)
    assert not kept.exists()


def counters_of(worker: int) -> list[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - where the server keeps them
    base = memory if memory.is_dir() else Path(tempfile.gettempdir())
    return list(base.glob(f"seccomp-webhook-metrics-*/counter_{worker}.db"))


def test_a_bug_denies_and_is_told_with_its_traceback(run: Run, new_review: Review) -> None:
    with run() as server:
        response, body = server.send_review(new_review(uid="bug", namespace="broken"))
        (line,) = server.wait_for("decision")

    assert response.status == 200
    assert json.loads(body)["response"]["status"]["code"] == 500
    assert (line["severity"], line["uid"], line["decision"], line["code"]) == ("error", "bug", "deny", 500)
    assert line["traceback"].endswith("ZeroDivisionError: a bug\nof two lines\n")


def test_a_certificate_changes_under_load(run: Run, new_review: Review) -> None:
    with run() as server:
        load = Load(server, new_review(), 4, keeps_alive=False)
        served = []
        for name in ("first.svc", "second.svc"):
            self_signed(server.folder / "tls", Names.parse([name]), now=datetime.now(UTC))
            server.wait_for("certificate", len(served) + 1, having="serving a new certificate")
            with server.connect() as connection:
                served.append(dict(connection.getpeercert()["subject"][0])["commonName"])
        assert_nobody_is_lost(server, load)

    assert served == ["first.svc", "second.svc"]


def test_the_next_start_serves_the_same_authority(run: Run) -> None:
    shown = []
    for _ in range(2):
        with run() as server, server.connect() as connection:
            shown.append(connection.getpeercert(binary_form=True))

    assert shown[0] == shown[1]


def test_large_bodies_leave_no_memory_behind(run: Run, new_review: Review) -> None:
    with run() as server:
        body = new_review()
        large = body[:-1] + b" " * (7 * 1024 * 1024 - len(body)) + b"}"
        for _ in range(4):
            assert server.send_review(large)[0].status == 200
        resident = mebibytes_of_worker(server)

    assert resident is None or 10 < resident < 60


def test_two_hundred_connections_fit_into_a_hundred_mebibytes(run: Run, new_review: Review) -> None:
    # So large that each fills the buffer that asyncio has for its connection.
    body = new_review() + b" " * 400_000
    head = (
        b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    request = head % len(body) + body
    with run() as server, ExitStack() as stack:
        for _ in range(200):
            client = stack.enter_context(closing(server.connect()))
            client.sendall(request)
            assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        resident = mebibytes_of_worker(server)

    assert resident is None or 10 < resident < 100


def mebibytes_of_worker(server: Server) -> float | None:
    """What the worker holds; None where the kernel has no such files."""
    (booted,) = server.wait_for("server", having="Booting worker")
    pages = Path(f"/proc/{booted['message'].rpartition(' ')[2]}/statm")
    if sys.platform != "linux":
        return None
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


def test_a_reload_of_all_workers_loses_nobody(run: Run, new_review: Review) -> None:
    with run() as server:
        load = Load(server, new_review(), 4, keeps_alive=True)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("server", 2, having="Booting worker")
        assert_nobody_is_lost(server, load)


def test_a_port_that_is_taken_is_told_at_once(run: Run) -> None:
    with run() as server:
        options = ServeOptions(
            tls_dir=server.folder / "tls",
            settings=DEFAULTS,
            cluster=NOBODY,
            address="127.0.0.1",
            port=server.port,
        )
        with pytest.raises(CannotServe, match=f"^127.0.0.1 port {server.port}: Address already in use$"):
            serve(options)


def test_an_address_that_is_not_ours_is_told_at_once(tmp_path: Path) -> None:
    options = ServeOptions(tls_dir=tmp_path, settings=DEFAULTS, cluster=NOBODY, address="192.0.2.1", port=1)

    with pytest.raises(CannotServe, match=r"^192\.0\.2\.1 port 1: "):
        serve(options)


def test_a_start_without_a_certificate_is_told_at_once(tmp_path: Path) -> None:
    options = ServeOptions(tls_dir=tmp_path, settings=DEFAULTS, cluster=NOBODY, address="127.0.0.1", port=0)

    with pytest.raises(CannotServe, match=r"tls\.crt: No such file or directory$"):
        serve(options)
