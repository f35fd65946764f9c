"""Signals that arrive while a process forks."""

import os
import signal


def hold_signals_over_forks() -> None:
    """Hold back, during every fork, the signals that end a process.

    A worker starts with the handlers of its parent, which only make a note: one that is told to stop before
    it has handlers of its own would never hear of it.
    """
    ends = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}

    def hold() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)

    def start_anew() -> None:
        for each in ends:
            signal.signal(each, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=start_anew)
