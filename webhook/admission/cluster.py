"""What a review has to know of the cluster, and how that can fail: the only way out of this package."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from webhook.mutation.choice import LABEL
from webhook.nodes.inventory import Snapshot
from webhook.nodes.localhost_profiles import LABEL as LOCALHOST_PROFILES
from webhook.policy.labels import NAMES
from webhook.policy.pod import Pod
from webhook.policy.quoting import go_quoted

LABELS: Final = (*NAMES, LABEL, LOCALHOST_PROFILES)
"""Every label of a namespace that a decision is made of: no other need be known."""


_TIME_TO_ANSWER: Final = 0.05
"""Seconds that are left for the answer when a lookup has taken all the time there is."""


class NamespaceNotFound(LookupError):
    """There is no such namespace."""

    def __init__(self, name: str) -> None:
        super().__init__(f"namespaces {go_quoted(name)} not found")


class LookupFailed(Exception):
    """The namespace could not be read; the text says why."""


class PodListFailed(Exception):
    """The pods of a namespace could not be listed; the text says why."""


class MustWait(Exception):
    """The answer is not in memory: it has to be asked for, and that takes time."""


class Excerpt:
    """The pods of a namespace as they arrive: there are ``left_out`` more than were taken.

    *parts* are pods, and how many come after them. They may end early: then there are no more to take, but
    still to count. Taking the first pod raises PodListFailed where there is not even a first part.
    """

    def __init__(self, parts: Callable[[], Iterable[tuple[Sequence[Pod], int]]]) -> None:
        self.left_out = 0
        self._parts = parts

    def __iter__(self) -> Iterator[Pod]:
        for pods, after in self._parts():
            for taken, pod in enumerate(pods, start=1):
                self.left_out = len(pods) - taken + after
                yield pod


def end_of_lookup(deadline: float | None) -> float | None:
    """When a namespace must be known, or given up, so that the answer is there at *deadline*."""
    return None if deadline is None else deadline - _TIME_TO_ANSWER


class Cluster(Protocol):
    """Where namespaces and their pods are read: a cache of the API server, or a file.

    One that must not take time raises MustWait where it would.
    """

    def labels_of(self, namespace: str, deadline: float | None = None) -> Mapping[str, str]:
        """The labels of *namespace*, ``LABELS`` at least, before *deadline* on the clock of the review.

        Raises NamespaceNotFound and LookupFailed.
        """

    def pods_in(self, namespace: str, deadline: float) -> Iterable[Pod]:
        """The pods of *namespace*, or an Excerpt, before *deadline* on the clock of the review.

        Raises PodListFailed, also where the first pod is taken.
        """

    def inventory(self) -> Snapshot:
        """The nodes that there are and what they hold, as far as it is known: it never takes time, or raises.

        Asked only where the settings ask for something of Localhost profiles.
        """
