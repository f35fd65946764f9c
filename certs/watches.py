"""Being told when a Secret or a webhook configuration changes, so that nobody waits for the next round.

What changed does not matter: a round reads everything. A watch that fails only makes rounds later.
"""

from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import Final, NamedTuple
from urllib.parse import urlencode

from certs.api import Api
from certs.configurations import Configuration
from certs.places import Failure
from certs.publish import GROUP, RESOURCES

_SECONDS: Final = 300
_SLACK: Final = 15
_FIRST: Final = 1.0
_LONGEST: Final = 30.0


class Watched(NamedTuple):
    """One object by the path of its kind and its name; *wanted* is the permission that it needs."""

    path: str
    name: str
    wanted: str


def of_secret(namespace: str, name: str) -> Watched:
    """The Secret *name* in *namespace*."""
    path = f"/api/v1/namespaces/{namespace}/secrets"
    return Watched(path, name, f"watch secrets {name} in namespace {namespace}")


def of_configuration(configuration: Configuration) -> Watched:
    """A webhook configuration, which need not be there."""
    resource = RESOURCES[configuration.kind]
    return Watched(f"{GROUP}/{resource}", configuration.name, f"watch {resource} {configuration.name}")


class Watches:
    """Calls *changed* at every change of what is *watched*, and *failed* when that cannot be heard of."""

    def __init__(self, api: Api, changed: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._api = api
        self._changed = changed
        self._failed = failed

    def start(self, watched: Iterable[Watched], stopped: Event) -> None:
        """Watch in threads that end with the process."""
        for each in watched:
            Thread(target=self._follow, args=(each, stopped), name=each.wanted, daemon=True).start()

    def _follow(self, watched: Watched, stopped: Event) -> None:
        pause, told = _FIRST, ""
        while not stopped.is_set():
            try:
                self._turn(watched)
            except Failure as failure:
                if str(failure) != told:
                    told = str(failure)
                    self._failed(told)
                stopped.wait(pause)
                pause = min(_LONGEST, pause * 2)
            else:
                pause, told = _FIRST, ""
                # A server that ends watches at once is not asked in a loop.
                stopped.wait(_FIRST)

    def _turn(self, watched: Watched) -> None:
        # Without a version to begin at, the first event is how things are now: nothing is missed between two.
        query = urlencode(
            {
                "watch": "true",
                "fieldSelector": f"metadata.name={watched.name}",
                "timeoutSeconds": str(_SECONDS),
            }
        )
        with self._api.watch(f"{watched.path}?{query}", watched.wanted, _SECONDS + _SLACK) as events:
            for _ in events:
                self._changed()
