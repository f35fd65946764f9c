"""The pods of a namespace, as many as are looked at and as there is time for."""

from collections.abc import Callable
from itertools import chain
from typing import Final, Protocol

from webhook.admission import Excerpt, PodListFailed
from webhook.admission.existing_pods import MOST_PODS
from webhook.cluster.failure import Failure
from webhook.cluster.objects import PodPage

_SHARE_OF_TIME: Final = 0.75
"""What of the time is for listing; the rest is for looking at the pods."""


class Paged(Protocol):
    """Where pods are listed."""

    def pods(self, namespace: str, rest: str, until: float) -> PodPage:
        """The first pods of *namespace*, or those at *rest*, before *until*. Raises Failure."""


def excerpt_of(source: Paged, namespace: str, clock: Callable[[], float], deadline: float) -> Excerpt:
    """The first pods of *namespace*, before *deadline* on *clock*, and how many more there are.

    Raises PodListFailed if there was no time even for the first part, or if that failed.
    """
    began = clock()
    until = began + _SHARE_OF_TIME * (deadline - began)
    pages: list[PodPage] = []
    try:
        while _goes_on(pages) and _has_time(pages, clock() - began, until - clock()):
            pages.append(source.pods(namespace, pages[-1].rest if pages else "", until))
    except Failure as failure:
        # Some are better than none: how many more there are was said with them.
        if not pages:
            raise PodListFailed(str(failure)) from failure
    return Excerpt(chain.from_iterable(page.pods for page in pages), left_out=pages[-1].remaining)


def _goes_on(pages: list[PodPage]) -> bool:
    return not pages or (pages[-1].rest != "" and sum(len(page.pods) for page in pages) < MOST_PODS)


def _has_time(pages: list[PodPage], used: float, left: float) -> bool:
    """Whether the next part may be expected in the time that is *left*."""
    return not pages or used / len(pages) < left
