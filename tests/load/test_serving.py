"""The server under load, called as the API server calls it: nothing is lost, whatever happens meanwhile.

``make test`` runs these small; with ``LOAD=full``, as ``make load`` sets it, they are of full size and print
their figures.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.serving.processes import memory
from certs import Names, self_signed
from tests.load.pairs import Pair, new_pair
from tests.server.conftest import Server, review, running

FULL = os.environ.get("LOAD") == "full"


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """A review that is refused."""
    file = tmp_path / "refused.json"
    file.write_bytes(review())
    return file


class Calls:
    """The client, at work beside the test."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def end(self) -> Any:  # noqa: ANN401 - JSON
        """What it found, when it is through, or is told to stop."""
        out, _ = self._process.communicate(timeout=1800)
        return json.loads(out)

    def stop(self) -> Any:  # noqa: ANN401 - JSON
        self._process.terminate()
        return self.end()


Call = Callable[..., Calls]


@pytest.fixture
def call(api_server_client: Path, refused: Path) -> Iterator[Call]:
    """Starts the client in one of its modes, with options."""
    with ExitStack() as stack:

        def started(mode: str, port: int, ca: Path, *options: str | Path) -> Calls:
            url = f"https://localhost:{port}/validate"
            command = [api_server_client, mode, "-url", url, "-ca", ca, "-body", refused, "-expect", "deny"]
            process = stack.enter_context(subprocess.Popen([*command, *options], stdout=subprocess.PIPE))  # noqa: S603 - ours
            stack.callback(process.kill)
            return Calls(process)

        yield started


@contextmanager
def two_servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers with one certificate."""
    self_signed(folder / "one" / "tls", Names(), now=datetime.now(UTC))
    (folder / "two").mkdir()
    (folder / "two" / "tls").symlink_to(folder / "one" / "tls")
    with running(folder / "one") as one, running(folder / "two") as two:
        yield one, two


def test_no_idle_time_loses_a_request(call: Call, tmp_path: Path) -> None:
    # The times of the server, or a 20th of those that are longer than a test may take.
    shrink = 1 if FULL else 20
    requests, callers = ("10000", "500") if FULL else ("400", "100")
    around = "100ms,1s,2s,3s,5s,90s" if FULL else "50ms,100ms,250ms,1s,2s"
    with running(tmp_path, idle_timeout=120 // shrink) as server:
        found = call(
            *(
                "gaps",
                server.port,
                tmp_path / "tls" / "ca.crt",
                "-requests",
                requests,
                "-concurrency",
                callers,
            ),
            *("-around", around, "-spread", "0.2", "-idle-timeout", f"{90 / shrink}s"),
        ).end()

    print("idle times:", {key: found[key] for key in ("requests", "connections", "errors")})  # noqa: T201 - figures
    assert (found["requests"], found["errors"]) == (int(requests), {})


def test_no_rotation_loses_a_request(call: Call, tmp_path: Path) -> None:
    rotations = 1000 if FULL else 20
    bundle, served = tmp_path / "bundle.crt", tmp_path / "tls"
    pairs = new_pair()
    with running(tmp_path, certificate_interval=0.02, log_rate=1) as server:
        # From here on the files are ours, and replaced one after the other as nobody should.
        pair = next(pairs)
        bundle.write_bytes((served / "ca.crt").read_bytes() + pair.authority)
        replace(served, pair)
        (served / "..data").unlink()
        await_change(server, 1)
        calls = call(
            *("steady", server.port, bundle, "-seconds", "3000s", "-concurrency", "8", "-new", "0.2"),
            *("-rate", "400" if FULL else "0"),
        )
        for number in range(2, rotations + 1):
            following = next(pairs)
            if following.authority != pair.authority:
                renew(bundle, pair.authority + following.authority)
                # Until every connection that is being made knows of it.
                time.sleep(1.5)
            replace(served, following)
            await_change(server, number)
            renew(bundle, following.authority)
            pair = following
        found = calls.stop()

    print(f"{rotations} rotations:", {key: found[key] for key in ("requests", "connections", "errors")})  # noqa: T201 - figures
    assert found["errors"] == {}
    assert found["requests"] > (100_000 if FULL else 100)
    assert found["authorities"] >= rotations / 5


def replace(folder: Path, pair: Pair) -> None:
    """Put the files there, not at once and in any order."""
    files = [("tls.crt", pair.certificate), ("tls.key", pair.key)]
    for name, content in reversed(files) if pair.key_first else files:
        (folder / name).unlink()
        (folder / name).write_bytes(content[: len(content) // 2])
        time.sleep(0.001)
        (folder / name).write_bytes(content)


def renew(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)


def await_change(server: Server, number: int) -> None:
    server.wait_for("certificate", number, having="serving a new certificate")


def test_a_server_that_goes_loses_no_request(call: Call, tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints"
    with two_servers(tmp_path) as (one, two):
        both = f"127.0.0.1:{one.port}\n127.0.0.1:{two.port}\n"
        endpoints.write_text(both)
        calls = call(
            *("steady", 1, tmp_path / "one" / "tls" / "ca.crt", "-endpoints", endpoints, "-seconds", "600s"),
            *("-concurrency", "16", "-new", "0.05", "-rate", "1000" if FULL else "200"),
        )
        time.sleep(0.5)
        for number in range(2, 12 if FULL else 4):
            one.process.send_signal(signal.SIGHUP)
            one.wait_for("server", number, having="Booting worker")
            time.sleep(0.3)
        # As Kubernetes does: it is named no longer, and has a moment until everybody knows.
        renew(endpoints, f"127.0.0.1:{two.port}\n".encode())
        time.sleep(0.3)
        status = one.stop()
        time.sleep(0.3)
        found = calls.stop()

    print("a server goes:", {key: found[key] for key in ("requests", "connections", "errors", "latency")})  # noqa: T201 - figures
    assert (status, found["errors"]) == (0, {})
    assert found["requests"] > 100


def test_good_requests_are_answered_among_those_who_misbehave(call: Call, tmp_path: Path) -> None:
    many = 500 if FULL else 60
    wanted = dict.fromkeys(("stalled-handshakes", "stalled-bodies", "idle-tls"), many)
    wanted |= dict.fromkeys(("idle", "never-closing"), many // 5)
    with running(tmp_path) as server:
        found = call(
            *("hostile", server.port, tmp_path / "tls" / "ca.crt", "-rate", "100", "-new", "0.2"),
            *("-seconds", "30s" if FULL else "2s"),
            *(word for kind, number in wanted.items() for word in (f"-{kind}", str(number))),
        ).end()

    print("hostile clients:", found["latency"])  # noqa: T201 - figures
    assert {kind: fate["ready"] for kind, fate in found["crowd"].items()} == wanted
    assert found["requests"] > 100
    assert found["errors"] == {}
    if FULL:
        assert found["latency"]["p99"] <= 100


def test_memory_stays_flat(call: Call, tmp_path: Path) -> None:
    parts, requests = (20, 50_000) if FULL else (4, 500)
    held = []
    with running(tmp_path) as server:
        for _ in range(parts):
            found = call(
                *("steady", server.port, tmp_path / "tls" / "ca.crt", "-requests", str(requests)),
                *("-concurrency", "16"),
            ).end()
            assert (found["requests"], found["errors"]) == (requests, {})
            held.append(memory(server.process.pid).largest)

    print(f"MiB after each {requests} requests:", [round(each, 1) for each in held])  # noqa: T201 - figures
    # The first requests fill caches and pools.
    assert 10 < held[-1] < held[1] + 2
