import threading
from typing import TYPE_CHECKING

import pytest

from tests.cluster.witness import Times, Witness
from webhook.admission import LookupFailed, NamespaceNotFound
from webhook.cluster.failure import Failure
from webhook.cluster.lookups import Lookups
from webhook.cluster.namespaces import Labels

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = {"enforce": "privileged"}, {"enforce": "restricted"}


class Cluster:
    """What is followed, and what there is: two namespaces that have both changed since."""

    def __init__(self) -> None:
        self.followed = {"old": OLD}
        self.there = {"old": NEW, "new": NEW}
        self.is_current = True
        self.failure: Failure | None = None
        self.asked: list[str] = []
        self.until = 0.0
        self.during: Callable[[], None] = lambda: None
        self.times = Times()
        self.witness = Witness()
        self.lookups = Lookups(self, self, self.times.monotonic, self.witness)

    def labels(self, namespace: str) -> Labels | None:
        return self.followed.get(namespace)

    def namespace(self, name: str, until: float) -> Labels | None:
        assert self.times.now < until <= self.times.now + 2.0
        self.asked.append(name)
        self.until = until
        self.during()
        if self.failure:
            raise self.failure
        return self.there.get(name)


def test_what_is_followed_is_not_asked_for() -> None:
    cluster = Cluster()
    assert cluster.lookups.labels_of("old") == OLD
    assert cluster.asked == []
    assert cluster.witness.lookups == {"known": 1}


def test_what_is_not_known_is_asked_for_every_time() -> None:
    cluster = Cluster()
    assert cluster.lookups.labels_of("new") == NEW
    del cluster.there["new"]
    with pytest.raises(NamespaceNotFound):
        cluster.lookups.labels_of("new")
    assert cluster.asked == ["new", "new"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/../../secrets", "A", "a" * 64, "a\n", "-a", "ä"])
def test_what_cannot_be_a_name_is_not_asked_for(name: str) -> None:
    cluster = Cluster()
    with pytest.raises(NamespaceNotFound):
        cluster.lookups.labels_of(name)
    assert cluster.asked == []


def test_a_failure_says_why() -> None:
    cluster = Cluster()
    cluster.failure = Failure("missing permission: get namespaces", status=403)
    with pytest.raises(LookupFailed, match=r"^missing permission: get namespaces$"):
        cluster.lookups.labels_of("new")


def test_what_is_no_longer_followed_is_asked_for() -> None:
    cluster = Cluster()
    cluster.is_current = False
    assert cluster.lookups.labels_of("old") == NEW
    del cluster.there["old"]
    with pytest.raises(NamespaceNotFound):
        cluster.lookups.labels_of("old")


def test_where_nobody_can_be_asked_what_was_known_goes_on_and_nobody_is_asked_for_a_while() -> None:
    cluster = Cluster()
    cluster.is_current = False
    cluster.failure = Failure("connection refused")
    assert [cluster.lookups.labels_of("old") for _ in range(3)] == [OLD, OLD, OLD]
    assert cluster.asked == ["old"]
    cluster.failure = None
    cluster.times.sleep(6.0)
    assert cluster.lookups.labels_of("old") == NEW


def test_a_flood_of_unknown_names_asks_for_few_at_once() -> None:
    cluster = Cluster()
    gate, all_in, most = threading.Event(), threading.Semaphore(0), [0, 0]
    lock = threading.Lock()

    def during() -> None:
        with lock:
            most[0] += 1
            most[1] = max(most)
        all_in.release()
        assert gate.wait(10)
        with lock:
            most[0] -= 1

    cluster.during = during
    threads = [threading.Thread(target=cluster.lookups.labels_of, args=("new",)) for _ in range(30)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        assert all_in.acquire(timeout=10)
    gate.set()
    for thread in threads:
        thread.join()

    assert (most[1], len(cluster.asked)) == (8, 30)


@pytest.mark.parametrize(("is_current", "name", "longest"), [(True, "new", 2.0), (False, "old", 0.5)])
def test_a_lookup_takes_no_longer_than_its_caller_waits(is_current: bool, name: str, longest: float) -> None:  # noqa: FBT001 - a parameter of the test
    cluster = Cluster()
    cluster.is_current = is_current
    now = cluster.times.now
    ends = []
    for deadline in (None, now + 9.0, now + 0.3):
        cluster.lookups.labels_of(name, deadline)
        ends.append(cluster.until)

    assert ends == [now + longest, now + longest, now + 0.3]


def test_one_who_had_no_time_spares_nobody_a_lookup() -> None:
    cluster = Cluster()
    cluster.is_current = False
    cluster.failure = Failure("too late")
    cluster.during = lambda: cluster.times.sleep(0.2)
    assert cluster.lookups.labels_of("old", cluster.times.now + 0.2) == OLD
    cluster.failure = None
    assert cluster.lookups.labels_of("old") == NEW
