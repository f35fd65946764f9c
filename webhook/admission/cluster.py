"""What a review has to know of the cluster, and how that can fail: the only way out of this package."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, Self

from webhook.mutation.choice import LABEL
from webhook.policy.labels import NAMES
from webhook.policy.pod import Pod
from webhook.policy.quoting import go_quoted

LABELS: Final = (*NAMES, LABEL)
"""Every label of a namespace that a decision is made of: no other need be known."""


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


class Excerpt(tuple[Pod, ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """The first pods of a namespace that has ``left_out`` more: too many to list them all in time."""

    left_out: int

    def __new__(cls, pods: Iterable[Pod], left_out: int = 0) -> Self:
        """*pods*, of which there are *left_out* more."""
        excerpt = super().__new__(cls, pods)
        excerpt.left_out = left_out
        return excerpt


class Cluster(Protocol):
    """Where namespaces and their pods are read: a cache of the API server, or a file.

    One that must not take time raises MustWait where it would.
    """

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """The labels of *namespace*, ``LABELS`` at least. Raises NamespaceNotFound and LookupFailed."""

    def pods_in(self, namespace: str, deadline: float) -> Sequence[Pod]:
        """The pods of *namespace*, or an Excerpt, before *deadline* on the clock of the review.

        Raises PodListFailed.
        """
