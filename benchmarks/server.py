"""The server as shipped, over TLS on this machine: requests per second, CPU, latency and memory."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.samples import FAILING, PASSING, review
from certs import Names, self_signed
from webhook.config import DEFAULTS
from webhook.manifests.namespaces import ClusterOfManifests

_SECONDS: Final = 5.0
_CONNECTIONS: Final = (16, 200)
_TICK: Final = os.sysconf("SC_CLK_TCK")
_MIB: Final = 1024 * 1024


class Load(NamedTuple):
    """What clients saw in some seconds: how long each request took, and how many were not answered well."""

    latencies: list[float]
    failed: int


class Worker:
    """The process that serves, as the kernel sees it."""

    def __init__(self, parent: int) -> None:
        self.pid = int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])

    @property
    def cpu_seconds(self) -> float:
        """What it has used so far, in user and in system mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def resident_mib(self) -> float:
        """What it holds of memory, pages shared with its parent included."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / _MIB


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, Worker]]:
    """The port of a server with one worker, and that worker; on a core of its own where there are two."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.server", folder], stdout=log)  # noqa: S603 - ours
    try:
        until = time.monotonic() + 20
        while b'"listening"' not in (lines := (folder / "log").read_bytes()) or b"Booting" not in lines:
            if time.monotonic() > until or process.poll() is not None:
                sys.exit(f"the server did not start: {lines.decode()}")
            time.sleep(0.05)
        (start,) = (line for line in map(json.loads, lines.splitlines()) if line["event"] == "listening")
        yield start["port"], Worker(process.pid)
    finally:
        process.terminate()
        process.wait()


async def client(port: int, context: ssl.SSLContext, body: bytes, until: float) -> Load:
    """One connection that asks, waits for the answer, and asks again, until the time is over."""
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    request = (
        b"POST /validate?timeout=10s HTTP/1.1\r\nHost: webhook.security.svc\r\n"
        b"User-Agent: kube-apiserver-admission\r\nAccept: application/json, */*\r\nAccept-Encoding: gzip\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    latencies, failed = [], 0
    while time.monotonic() < until:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        _, _, rest = head.partition(b"Content-Length: ")
        await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
        latencies.append(time.perf_counter() - began)
        failed += not head.startswith(b"HTTP/1.1 200 ")
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return Load(latencies, failed)


async def load(port: int, context: ssl.SSLContext, body: bytes, connections: int, seconds: float) -> Load:
    """What all clients together saw."""
    until = time.monotonic() + seconds
    loads = await asyncio.gather(*(client(port, context, body, until) for _ in range(connections)))
    return Load(sorted(each for one in loads for each in one.latencies), sum(one.failed for one in loads))


def measure(port: int, worker: Worker, context: ssl.SSLContext, body: bytes, connections: int) -> str:
    """A line of figures."""
    asyncio.run(load(port, context, body, connections, 1.0))
    cpu, began = worker.cpu_seconds, time.monotonic()
    latencies, failed = asyncio.run(load(port, context, body, connections, _SECONDS))
    took, cpu = time.monotonic() - began, worker.cpu_seconds - cpu
    count = len(latencies)
    p50, p99 = (latencies[int(count * share)] * 1000 for share in (0.5, 0.99))
    return (
        f"{connections:>11} {count / took:>10.0f} {cpu / count * 1e6:>8.0f} {p50:>8.1f} {p99:>8.1f}"
        f" {worker.resident_mib:>6.0f} {failed:>6}"
    )


def main() -> None:
    cores = sorted(os.sched_getaffinity(0))
    with TemporaryDirectory() as name:
        folder = Path(name)
        kept = self_signed(folder / "tls", Names(), now=datetime.now(UTC))
        context = ssl.create_default_context(cafile=kept.authority)
        with served(folder) as (port, worker):
            os.sched_setaffinity(0, cores[1:] or cores)
            print(f"one worker, {_SECONDS:.0f} s each, reviews of {len(review(PASSING))} bytes")
            print(f"at rest {worker.resident_mib:.0f} MiB")
            print("       connections requests/s   CPU µs   p50 ms   p99 ms    MiB failed")
            for what, body in (("passing", review(PASSING)), ("failing", review(FAILING))):
                for connections in _CONNECTIONS:
                    print(what, measure(port, worker, context, body, connections), flush=True)
        os.sched_setaffinity(0, cores)


def serve_shop(folder: Path) -> None:
    """Serve, on the first core."""
    from webhook.server import ServeOptions, serve  # noqa: PLC0415 - only this process is the server

    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    shop = ClusterOfManifests({"shop": {"pod-security.kubernetes.io/enforce": "restricted"}}, {})
    serve(ServeOptions(tls_dir=folder / "tls", settings=DEFAULTS, cluster=shop, address="127.0.0.1", port=0))


if __name__ == "__main__":
    serve_shop(Path(sys.argv[1]))
