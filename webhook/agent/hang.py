"""The end of a process whose work hangs, so that the kubelet starts it again.

There is no port and no probe for that: a port on 5,000 nodes is 5,000 doors, and the kubelet would ask every
one of them for what a thread in the process knows as well.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Final

_LOOKS: Final = 4
STUCK: Final = 70  # EX_SOFTWARE of sysexits.h


class Watchdog:
    """Ends the process, after *last_words*, when nobody has called ``beat`` for *patience* seconds."""

    def __init__(
        self, patience: float, last_words: Callable[[], None], end: Callable[[int], object] = os._exit
    ) -> None:
        self._patience = patience
        self._last_words = last_words
        self._end = end
        self._beaten = time.monotonic()

    def start(self) -> None:
        """Watch from now on."""
        self.beat()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def beat(self) -> None:
        """The work goes on."""
        self._beaten = time.monotonic()

    def _watch(self) -> None:
        while time.monotonic() - self._beaten < self._patience:
            time.sleep(self._patience / _LOOKS)
        self._last_words()
        self._end(STUCK)
