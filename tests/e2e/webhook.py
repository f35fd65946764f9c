"""The product, started as its users start it."""

import json
import os
import re
import signal
import ssl
import sys
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final

from tests.e2e.ports import free_port
from tests.e2e.processes import Process
from tests.e2e.running import Running

_ADDRESS: Final = "127.0.0.1"


class Webhook(Running):
    """``seccomp-webhook serve`` for the cluster of a kubeconfig; as a context, it is ready in it.

    It can be stopped, killed and started again; the port and the certificate stay. It makes a certificate of
    its own unless the folder *tls* has one. ``environment`` is what it has at its next start, beside ours;
    ``workers`` is how many processes answer then.
    """

    def __init__(
        self,
        folder: Path,
        kubeconfig: Path,
        *,
        config: Path | None = None,
        tls: Path | None = None,
        stays: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.url = f"https://{_ADDRESS}:{self.port}/validate"
        self.mutating_url = f"https://{_ADDRESS}:{self.port}/mutate"
        served = tls or folder / "tls"
        self.authority = served / "ca.crt"
        self.environment: dict[str, str] = {}
        self.workers = 1
        self._stays = stays
        self._command = [
            sys.executable, "-m", "webhook", "serve",
            f"--address={_ADDRESS}", f"--port={self.port}",
            f"--tls-dir={served}", *([] if tls else ["--self-signed"]),
            f"--kubeconfig={kubeconfig}",
            *([f"--config={config}"] if config else []),
        ]  # fmt: skip
        self.process: Process | None = None

    def start(self, *, until_ready: bool = True) -> None:
        """Start it; returns when it is ready, or when it listens."""
        self.process = Process(
            "webhook",
            [*self._command, f"--workers={self.workers}"],
            self.folder,
            environment=self.environment,
            stays=self._stays,
        )
        try:
            self.process.wait_until(lambda: self._status("/livez") == 200, "listening")
            if until_ready:
                self.process.wait_until(self.is_ready, "ready")
        except BaseException:
            self.kill()
            raise

    def stop(self) -> int:
        """Tell it to end; its status."""
        assert self.process
        status = self.process.stop(patience=40)
        self.process = None
        return status

    def kill(self) -> None:
        """End it at once, and its workers."""
        if self.process:
            self.process.kill()
            self.process = None

    def pause(self) -> None:
        """Let it stand still, with everything that it was doing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process
        os.killpg(self.process.pid, number)

    def is_ready(self) -> bool:
        return self._status("/readyz") == 200

    def readiness(self) -> str:
        """What it says of being ready."""
        return self._get("/readyz")[1]

    def log(self) -> str:
        """All that it has logged, since its first start."""
        return (self.folder / "webhook.log").read_text()

    def booted(self) -> list[str]:
        """The pids of all workers since its first start, those that replaced others included."""
        return re.findall(r"Booting worker with pid: (\d+)", self.log())

    def decisions(self) -> list[dict[str, Any]]:
        """The decisions that its log tells, oldest first."""
        whole, _, _ = (self.folder / "webhook.log").read_bytes().rpartition(b"\n")
        lines = [json.loads(line) for line in whole.splitlines() if line.startswith(b"{")]
        return [line for line in lines if line["event"] == "decision"]

    def metrics(self) -> str:
        """Its counters, as text."""
        _, text = self._get("/metrics")
        return text

    def resident(self) -> int:
        """The memory of all its processes in bytes; what they share is counted once."""
        assert self.process
        total = 0
        for pid in _family(self.process.pid):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total * 1024

    def _status(self, path: str) -> int:
        try:
            return self._get(path)[0]
        except OSError:
            return 0

    def _get(self, path: str) -> tuple[int, str]:
        context = ssl.create_default_context(cafile=self.authority)
        connection = HTTPSConnection(_ADDRESS, self.port, timeout=10, context=context)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


def _family(pid: int) -> list[int]:
    """*pid*, its children and theirs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]
