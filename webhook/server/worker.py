"""gunicorn's worker with threads, made not to lose those who wait at the door when it stops."""

from gunicorn.http import wsgi
from gunicorn.workers import gthread
from gunicorn.workers.gthread import ThreadWorker

# Two constants that no setting reaches. The seconds that a connection which never spoke may keep a thread
# before it is only watched, and the name in the Server header, where nobody need read of gunicorn.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.2  # type: ignore[misc]  # final to the stubs, read at each use
wsgi.SERVER = "seccomp-webhook"  # type: ignore[attr-defined]  # unknown to the stubs


class Worker(ThreadWorker):
    """As its base, but what the kernel has accepted before the end is answered, and nothing after it."""

    def set_accept_enabled(self, enabled: bool | None) -> None:  # noqa: FBT001 - the signature is gunicorn's
        """As the base's. At the end, take in all that wait and let the kernel refuse the rest.

        The base leaves the listening socket open until the last request is done: callers would go on
        connecting to it, wait, and be reset.
        """
        ending = not enabled and not self.alive
        if ending:
            for listener in self.sockets:
                while self.nr_conns < self.worker_connections:
                    before = self.nr_conns
                    self.accept(listener)
                    if self.nr_conns == before:
                        break
        super().set_accept_enabled(enabled)
        if ending:
            for listener in self.sockets:
                listener.close()
