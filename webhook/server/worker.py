"""gunicorn's worker with threads, made not to lose waiting connections when it stops."""

from socket import socket

from gunicorn.http import wsgi
from gunicorn.workers import gthread
from gunicorn.workers.gthread import ThreadWorker

# Two constants that no setting reaches. The seconds that a connection which never spoke may keep a thread
# before it is only watched, and the name in the Server header, where nobody need read of gunicorn.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.2  # type: ignore[misc]  # final to the stubs, read at each use
wsgi.SERVER = "seccomp-webhook"  # type: ignore[attr-defined]  # unknown to the stubs


class Worker(ThreadWorker):
    """As its base, but when it stops, connections that wait to be accepted still are, and none after them."""

    def set_accept_enabled(self, enabled: bool | None) -> None:  # noqa: FBT001 - the signature is gunicorn's
        """As the base's. When the worker stops, accept all that waits in the kernel's queue, then close it.

        The base leaves the listening socket open until the last request is done: callers would go on
        connecting to it, wait, and be reset.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            while self.nr_conns < self.worker_connections and self._took_one_in(listener):
                pass
            listener.close()

    def _took_one_in(self, listener: socket) -> bool:
        before = self.nr_conns
        self.accept(listener)
        return self.nr_conns > before
