"""The event loop's side of the server on real sockets, in this process, so that one can look inside."""

import asyncio
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from certs import Names, self_signed
from tests.admission.cases import body_of, request_of
from webhook.admission import Answer, MustWait, NamespaceNotFound, review
from webhook.config import DEFAULTS
from webhook.policy.pod import Pod
from webhook.server.application import application
from webhook.server.context import server_context
from webhook.server.dispatch import Dispatch
from webhook.server.door import Door
from webhook.server.http.connection import Connection, Times
from webhook.server.http.connections import Connections
from webhook.server.http.reception import Handshake, Reception
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics

PATIENCE = 20.0


class Shop:
    """A cluster whose namespace "slow" is asked for until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = threading.Semaphore(0)

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace == "slow":
            self.asked.release()
            assert self.let_go.wait(PATIENCE)
        elif namespace != "shop":
            raise NamespaceNotFound(namespace)
        return {"pod-security.kubernetes.io/enforce": "restricted"}

    def pods_in(self, _namespace: str, _deadline: float) -> Sequence[Pod]:
        return ()


class InMemory(Shop):
    """As much of it as takes no time."""

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace == "slow":
            raise MustWait
        return super().labels_of(namespace)


class Rim:
    """A reception, its connections and what answers them, on a loop in a thread."""

    def __init__(self, folder: Path, *, most: int = 1000, request: float = 60.0, idle: float = 60.0) -> None:
        self.shop = Shop()
        self.reports: list[str] = []
        self.broken: list[str] = []
        self.metrics = Metrics()
        self._log = os.open(folder / "log", os.O_CREAT | os.O_WRONLY)
        self.door = Door(
            self._decide(self.shop),
            at_once=self._decide(InMemory()),
            journal=Journal(self._log),
            metrics=self.metrics,
        )
        self.dispatch = Dispatch(self.door, application(self.door), threads=4)
        self.room: int = self.left
        self.connections = Connections(most)
        self._times = Times(request, idle)
        self._context = server_context()
        self._context.load_cert_chain(folder / "tls" / "tls.crt", folder / "tls" / "tls.key")
        self._trusting = ssl.create_default_context(cafile=folder / "tls" / "ca.crt")
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        # Little of an answer is the kernel's to keep for a client that does not take it.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        self.port: int = self._listener.getsockname()[1]
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        assert self._started.wait(PATIENCE)

    @staticmethod
    def _decide(cluster: Shop) -> Any:  # noqa: ANN401 - a Decide
        def decide(body: bytes, *, deadline: float | None) -> Answer:
            return review(body, settings=DEFAULTS, cluster=cluster, clock=time.monotonic, deadline=deadline)

        return decide

    @property
    def left(self) -> int:
        """Bytes that bodies may still take."""
        return self.dispatch._left  # noqa: SLF001 - what is taken and given back shows nowhere else

    def on_loop(self, look: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever *look* returns
        """What *look* returns on the loop."""

        async def looked() -> Any:  # noqa: ANN401 - as just said
            return look()

        assert self._loop
        return asyncio.run_coroutine_threadsafe(looked(), self._loop).result(PATIENCE)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds on the loop."""
        end = time.monotonic() + PATIENCE
        while not self.on_loop(holds):
            assert time.monotonic() < end, "it does not come to hold"
            time.sleep(0.01)

    def all(self) -> list[Connection]:
        return self.on_loop(lambda: list(self.connections._all))  # type: ignore[no-any-return]  # noqa: SLF001 - only the number is for others

    def connect(self, receive: int = 0) -> ssl.SSLSocket:
        """A connection that has shaken hands; with *receive*, of a client that has room for so little."""
        plain = socket.socket()
        if receive:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        plain.settimeout(PATIENCE)
        plain.connect(("127.0.0.1", self.port))
        return self._trusting.wrap_socket(plain, server_hostname="localhost")

    def stop(self) -> None:
        self.shop.let_go.set()
        if self._loop and self._over:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE)
        self._listener.close()
        os.close(self._log)

    async def _run(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: self.broken.append(str(context)))
        self._over = asyncio.Event()
        handshake = Handshake(
            lambda: self._context,
            lambda: Connection(self.dispatch, self.connections, self._times),
            60.0,
            lambda address, problem: self.reports.append(f"{address} {problem}"),
        )
        reception = Reception(self._listener, self.connections, handshake)
        reception.open()
        self._started.set()
        while not self._over.is_set():
            await self.connections.sweep()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), 0.02)
        reception.close()
        self.connections.end()
        self.dispatch.close()
        for _ in range(3):
            await asyncio.sleep(0)


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rim")
    self_signed(folder / "tls", Names(), now=datetime.now(UTC))
    return folder


@contextmanager
def _standing(folder: Path, **options: float) -> Iterator[Rim]:
    rim = Rim(folder, **options)  # type: ignore[arg-type]  # a number of connections is whole
    try:
        yield rim
    finally:
        rim.stop()
    assert rim.broken == []
    assert len(rim.connections) == 0


@pytest.fixture
def stand(pair: Path) -> Any:  # noqa: ANN401 - a context manager of Rim
    """Starts a rim with options; after the block nothing may be left of it."""
    return partial(_standing, pair)


@pytest.fixture
def rim(pair: Path) -> Iterator[Rim]:
    with _standing(pair) as started:
        yield started


@pytest.fixture
def new_review() -> Callable[..., bytes]:
    return lambda **changed: body_of(request_of({}) | changed)
