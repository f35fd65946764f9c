"""The pods of a namespace, as many as there is time for."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final, Protocol

from webhook.admission import PodListFailed
from webhook.cluster.failure import Failure
from webhook.cluster.objects import PodPage
from webhook.policy.pod import Pod

_SHARE_OF_TIME: Final = 0.75
"""What of the time is for listing; the rest is for looking at the pods."""


class Paged(Protocol):
    """Where pods are listed."""

    def pods(self, namespace: str, rest: str, until: float) -> PodPage:
        """The first pods of *namespace*, or those at *rest*, before *until*. Raises Failure."""


def parts_of(
    source: Paged, namespace: str, clock: Callable[[], float], deadline: float
) -> Iterator[tuple[Sequence[Pod], int]]:
    """The pods of *namespace*, part by part, before *deadline* on *clock*, and how many come after each part.

    Raises PodListFailed if there was no time even for the first part, or if that failed.
    """
    began = clock()
    until = began + _SHARE_OF_TIME * (deadline - began)
    rest = ""
    for pages in count():
        # The next part may be expected to take as long as those before it.
        if pages and (clock() - began) / pages >= until - clock():
            return
        try:
            page = source.pods(namespace, rest, until)
        except Failure as failure:
            # Some are better than none: how many more there are was said with them.
            if pages:
                return
            raise PodListFailed(str(failure)) from failure
        yield page.pods, page.remaining
        rest = page.rest
        if not rest:
            return
