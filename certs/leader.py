"""Who of several processes rotates: the holder of a Lease. It saves work; what is stored is safe without it.

The lock is the official client's, the loop is not: that one ends with the first connection that fails.
Source: Kubernetes documentation, "Leases".
"""

from collections.abc import Callable
from http import HTTPStatus
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from certs.api import Api
from certs.places import Failure

if TYPE_CHECKING:
    from kubernetes.client import ApiClient
    from kubernetes.leaderelection.leaderelection import LeaderElection

DURATION: Final = 15
_RETRY: Final = 2
_DEADLINE: Final = 10
"""Seconds without a renewal after which the holder lets go: well before others may take the Lease."""


class Leader:
    """The Lease *name* in *namespace*, for the process called *who*."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a Lease needs, and a clock
        self,
        api: Api,
        namespace: str,
        name: str,
        who: str,
        monotonic: Callable[[], float],
        changed: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._api = api
        self._named = (name, namespace, who)
        self._monotonic = monotonic
        self._changed = changed
        self._failed = failed
        self._client: ApiClient | None = None
        self._election: LeaderElection | None = None
        self._renewed: float | None = None
        self._led = False
        self._problems: list[str] = []

    @property
    def leads(self) -> bool:
        """Whether this process holds the Lease."""
        return self._renewed is not None and self._monotonic() - self._renewed < _DEADLINE

    def run(self, stopped: Event) -> None:
        """Try to get the Lease and to keep it, until *stopped*; then let go of it."""
        while not stopped.is_set():
            self.turn()
            stopped.wait(_RETRY)
        if self.leads:
            self._let_go()

    def turn(self) -> None:
        """Ask for the Lease, or renew it, once."""
        asked_at = self._monotonic()
        self._problems.clear()
        try:
            if self._elected().try_acquire_or_renew():  # type: ignore[no-untyped-call]  # the client left it untyped
                self._renewed = asked_at
        except Failure as failure:
            self._problems.append(str(failure))
        except Exception as error:  # noqa: BLE001 - whatever a connection or an answer makes the client raise
            words = " ".join(str(error).split())
            self._problems.append(f"leases {self._named[0]} in namespace {self._named[1]}: {words}")
        self._failed("; ".join(self._problems))
        if self.leads != self._led:
            self._led = self.leads
            self._changed()

    def _elected(self) -> "LeaderElection":
        client = self._api.client()
        if self._election is None or client is not self._client:
            from kubernetes.client import CoordinationV1Api  # noqa: PLC0415 - late, as all of kubernetes
            from kubernetes.leaderelection.electionconfig import Config  # noqa: PLC0415 - as above
            from kubernetes.leaderelection.leaderelection import LeaderElection  # noqa: PLC0415 - as above
            from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock  # noqa: PLC0415 - as above

            lock: Any = LeaseLock(*self._named)  # type: ignore[no-untyped-call]  # as above
            lock.api_instance = _Noting(CoordinationV1Api(client), self._named, self._problems)
            config = Config(lock, DURATION, _DEADLINE, _RETRY, _nothing, _nothing)  # type: ignore[no-untyped-call]  # as above
            self._election = LeaderElection(config)  # type: ignore[no-untyped-call]  # as above
            self._client = client
        return self._election

    def _let_go(self) -> None:
        """Leave the Lease to nobody, so that another need not wait for it to run out."""
        from kubernetes.leaderelection.leaderelectionrecord import LeaderElectionRecord  # noqa: PLC0415 - as above

        try:
            lock: Any = self._elected().election_config.lock
            # The lock changes what it read last, and read it before it renewed.
            _, held = lock.get(*self._named[:2])
            if held.holder_identity == self._named[2]:
                free = LeaderElectionRecord(None, str(DURATION), held.acquire_time, held.renew_time)  # type: ignore[no-untyped-call]  # as above
                lock.update(*self._named[:2], free)
        except Exception as error:  # noqa: BLE001 - it runs out by itself
            self._failed(f"the Lease could not be left: {error}")


class _Noting:
    """The part of the API that a lock uses, which keeps to itself what it was refused."""

    def __init__(self, api: Any, named: tuple[str, str, str], problems: list[str]) -> None:  # noqa: ANN401 - untyped
        self._api = api
        self._words = f"leases {named[0]} in namespace {named[1]}"
        self._problems = problems

    def read_namespaced_lease(self, *given: object) -> object:
        """The Lease."""
        return self._asked("get", self._api.read_namespaced_lease, *given)

    def create_namespaced_lease(self, *given: object) -> object:
        """A new Lease."""
        return self._asked("create", self._api.create_namespaced_lease, *given)

    def replace_namespaced_lease(self, **given: object) -> object:
        """The Lease, changed."""
        return self._asked("update", self._api.replace_namespaced_lease, **given)

    def _asked(self, verb: str, ask: Callable[..., object], *given: object, **named: object) -> object:
        from kubernetes.client.exceptions import ApiException  # noqa: PLC0415 - late, as all of kubernetes

        try:
            return ask(*given, **named)
        except ApiException as error:
            if error.status == HTTPStatus.FORBIDDEN:
                self._problems.append(f"missing permission: {verb} {self._words}")
            elif error.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
                self._problems.append(f"{verb} {self._words}: the API server answered {error.status}")
            raise


def _nothing() -> None:
    """What the client's election would call."""
