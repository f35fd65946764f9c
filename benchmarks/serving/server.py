"""A candidate that runs, on a core of its own."""

import os
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Final

from benchmarks.serving import processes
from benchmarks.serving.candidates import Candidate
from benchmarks.serving.ground import Ground

_START: Final = 30.0
_STOP: Final = 10.0
_ROOT: Final = Path(__file__).parents[2]


class NotStarted(Exception):
    """The server did not become ready; says what its log says."""


class Server:
    """A candidate's processes. Raises NotStarted; raises Missing where the candidate cannot run here."""

    def __init__(self, candidate: Candidate, ground: Ground, core: set[int]) -> None:
        self.candidate: Final = candidate
        self.port: Final = _free_port()
        self._log = ground.folder / f"{candidate.name}.log"
        command = candidate.command(ground, self.port)
        ours = os.sched_getaffinity(0)
        with self._log.open("ab") as log:
            # Children inherit the core; Go counts its processors when it starts.
            os.sched_setaffinity(0, core)
            try:
                self._process = subprocess.Popen(  # noqa: S603 - candidates of our own
                    command, stdout=log, stderr=log, cwd=_ROOT, start_new_session=True
                )
            finally:
                os.sched_setaffinity(0, ours)
        try:
            self._await(ssl.create_default_context(cafile=ground.authority))
        except BaseException:
            self.close()
            raise

    @property
    def cpu_seconds(self) -> float:
        """CPU time so far."""
        return processes.cpu_seconds(self._process.pid)

    @property
    def memory(self) -> processes.Memory:
        """Memory now."""
        return processes.memory(self._process.pid)

    def forget_log(self) -> None:
        """Make room: a line for each review adds up. The log is written at its end, wherever that is."""
        os.truncate(self._log, 0)

    def close(self) -> None:
        """End it, and whatever of it does not end by itself."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _await(self, context: ssl.SSLContext) -> None:
        until = time.monotonic() + _START
        while time.monotonic() < until and self._process.poll() is None:
            if self._is_ready(context):
                return
            time.sleep(0.1)
        ended = self._process.poll()
        what = f"not ready after {_START:.0f} s" if ended is None else f"ended with status {ended}"
        raise NotStarted(f"{what}:\n{self._log.read_text(errors='replace')[-2000:]}")

    def _is_ready(self, context: ssl.SSLContext) -> bool:
        connection = HTTPSConnection("localhost", self.port, timeout=3, context=context)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200  # noqa: PLR2004 - HTTP's "OK"
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
