from itertools import islice

import pytest

from tests.cluster.witness import Times
from webhook.admission import Excerpt, PodListFailed
from webhook.cluster.failure import Failure
from webhook.cluster.objects import PodPage
from webhook.cluster.pods import parts_of
from webhook.policy.pod import pod_from


class Pages:
    """A namespace with so many pods, which takes some seconds for each page, or fails at one."""

    def __init__(self, number: int, seconds: float = 0.01, fails_at: int | None = None) -> None:
        self.times = Times()
        self.pods_there = [pod_from({"metadata": {"name": f"{at}"}}) for at in range(number)]
        self.seconds = seconds
        self.fails_at = fails_at
        self.asked = 0

    def pods(self, namespace: str, rest: str, until: float) -> PodPage:
        assert (namespace, until) == ("shop", 100.75)
        if self.asked == self.fails_at:
            raise Failure("list pods: no answer in time")
        self.asked += 1
        self.times.sleep(self.seconds)
        begin = int(rest or 0)
        end = begin + 500
        remaining = max(len(self.pods_there) - end, 0)
        return PodPage(tuple(self.pods_there[begin:end]), remaining, str(end) if remaining else "")


def excerpt(pages: Pages) -> Excerpt:
    return Excerpt(lambda: parts_of(pages, "shop", pages.times.monotonic, 101.0))


def listed(pages: Pages) -> tuple[int, int, int]:
    pods = excerpt(pages)
    names = [pod.metadata.name for pod in pods]
    assert names == [f"{at}" for at in range(len(names))]
    return len(names), pods.left_out, pages.asked


@pytest.mark.parametrize("number", [0, 1, 500, 501, 2999, 3000, 7001])
def test_all_pods_are_listed_where_there_is_time(number: int) -> None:
    assert listed(Pages(number))[:2] == (number, 0)


@pytest.mark.parametrize(("taken", "asked"), [(1, 1), (499, 1), (500, 1), (501, 2), (3000, 6)])
def test_no_more_parts_are_asked_for_than_are_taken_but_all_pods_are_counted(taken: int, asked: int) -> None:
    pages = Pages(10_000)
    pods = excerpt(pages)
    assert len(list(islice(pods, taken))) == taken
    assert (pods.left_out, pages.asked) == (10_000 - taken, asked)


def test_no_part_is_asked_for_that_there_is_no_time_for() -> None:
    assert listed(Pages(10_000, seconds=0.3)) == (1000, 9000, 2)


def test_what_has_come_is_kept_when_the_rest_fails() -> None:
    assert listed(Pages(10_000, fails_at=2)) == (1000, 9000, 2)


def test_a_list_that_fails_at_once_says_why() -> None:
    with pytest.raises(PodListFailed, match=r"^list pods: no answer in time$"):
        listed(Pages(1, fails_at=0))
