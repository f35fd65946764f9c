"""A real server in a process of its own, and clients of it."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from tests.admission.cases import body_of, request_of

PROGRAM = Path(__file__).with_name("program.py")
PATIENCE = 20.0


def review(**changed: Any) -> bytes:  # noqa: ANN401 - any part of a review
    """An AdmissionReview of a pod that the namespace "shop" refuses."""
    request = request_of({"userInfo": {"username": "jane"}})
    return body_of(request | changed)


class Server:
    """The server, what it logged, and ways to talk to it."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.folder = folder
        self.process = process
        self._trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.port = 0

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of the log so far; a line that is none fails here."""
        whole, _, _ = (self.folder / "out").read_bytes().rpartition(b"\n")
        return [json.loads(line) for line in whole.split(b"\n") if line]

    def wait_for(self, event: str, number: int = 1, having: str = "") -> list[dict[str, Any]]:
        """The lines of *event* that have a text in them, as soon as there are *number* of them."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [line for line in self.lines if line["event"] == event and having in str(line)]
            if len(found) >= number:
                return found
            assert self.process.poll() is None, (self.folder / "err").read_text()
            time.sleep(0.02)
        raise AssertionError(f"not {number} lines of {event}: {self.lines}")

    def await_start(self) -> None:
        self.port = self.wait_for("listening")[0]["port"]
        self._trusting.load_verify_locations(self.folder / "tls" / "ca.crt")

    def connect(self, timeout: float = PATIENCE) -> ssl.SSLSocket:
        """A connection that has shaken hands and trusts nobody but the server's authority."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        return self._trusting.wrap_socket(plain, server_hostname="localhost")

    def client(self, timeout: float = PATIENCE) -> HTTPSConnection:
        return HTTPSConnection("localhost", self.port, timeout=timeout, context=self._trusting)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """The answer to one request on a connection of its own."""
        client = self.client()
        try:
            client.request(method, path, body or None, headers or {})
            response = client.getresponse()
            return response, response.read()
        finally:
            client.close()

    def send_review(self, body: bytes | None = None, path: str = "/validate") -> tuple[HTTPResponse, bytes]:
        return self.ask("POST", path, body or review(), {"Content-Type": "application/json"})

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[Server]:  # noqa: ANN401 - any option, as JSON
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, a program of ours
            [sys.executable, "-W", "error", PROGRAM, folder],
            stdin=subprocess.PIPE, stdout=out, stderr=err, start_new_session=True,
        )  # fmt: skip
    assert process.stdin
    with process.stdin as stdin:
        stdin.write(json.dumps(options).encode())
    server = Server(folder, process)
    try:
        server.await_start()
        yield server
    finally:
        if process.poll() is None:
            server.stop()


Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Starts a server of the test's own, with options; stops it when the block ends."""

    def started(**options: Any) -> Any:  # noqa: ANN401 - a context manager of Server
        return running(tmp_path, **options)

    return started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests of a module share; it is patient for one second."""
    folder = tmp_path_factory.mktemp("server")
    with running(folder, handshake_timeout=1.0, request_timeout=1.0) as started:
        yield started
        assert started.stop() == 0
    assert (folder / "err").read_text() == ""
    assert [line for line in started.lines if line["severity"] in {"error", "critical"}] == []


@pytest.fixture
def new_review() -> Callable[..., bytes]:
    return review
