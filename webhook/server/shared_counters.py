"""Several workers that count together.

Each writes its numbers to a file of its own in one folder, and whichever is asked adds them up; what a worker
counted stays when it ends. Source: prometheus_client's documentation, "Multiprocess Mode".
"""

import atexit
import os
import shutil
import tempfile
from typing import Final

from webhook.server.memory import memory_folder

DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the environment that prometheus_client looks at when it is imported."""


def count_together(workers: int) -> None:
    """Set up the folder where there are several *workers*, until this process ends; one counts by itself.

    To be called before prometheus_client is imported.
    """
    os.environ.pop(DIRECTORY, None)
    if workers == 1:
        return
    directory = tempfile.mkdtemp(prefix="seccomp-webhook-metrics-", dir=memory_folder())
    os.environ[DIRECTORY] = directory
    owner = os.getpid()

    def remove() -> None:
        # Workers inherit this, and must leave the others' numbers alone.
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)


def forget_states_of(worker: int) -> None:
    """Have the *worker* with this process id no longer count where a number is a state, and not a sum."""
    if DIRECTORY in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - as said above

        mark_process_dead(worker)  # type: ignore[no-untyped-call]  # the library left it untyped
