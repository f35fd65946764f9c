"""A webhook whose clock is wrong judges as before, says whom it does not trust, and gets right by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.binaries import Unavailable
from tests.e2e.clock import Clock
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import give_up, need
from tests.e2e.judgment import RECOVERY, fresh, holds, insecure, is_right, secure
from tests.e2e.objects import namespace
from tests.e2e.processes import Died, wait_for


class Skewed(NamedTuple):
    """A cluster whose webhook goes by a clock of its own; everyone else's is right."""

    cluster: WebhookCluster
    clock: Clock


class Skew(NamedTuple):
    """How wrong the clock is; what the webhook then holds against its certificate, and the API server's."""

    offset: timedelta
    own: str = ""
    others: str = ""


SKEWS = (
    Skew(timedelta(hours=5)),
    Skew(timedelta(hours=-5), "the certificate is not valid before", "certificate is not yet valid"),
    Skew(timedelta(days=10), "", "certificate has expired"),
    Skew(timedelta(days=20 * 365), "the certificate ended at", "certificate has expired"),
)


@pytest.fixture(scope="module")
def hurt(place: Path) -> Iterator[Skewed]:
    need("etcd", "kube-apiserver")
    try:
        clock = Clock(place / "clock")
    except Unavailable as missing:
        give_up(missing)
    cluster = WebhookCluster(place / "skewed")
    cluster.webhook.environment = clock.environment
    with cluster:
        cluster.admin.create(namespace("strict", enforce="restricted")).good()
        cluster.admin.create(namespace("free")).good()
        yield Skewed(cluster, clock)


def follows(log: str) -> bool:
    return log.rfind("following namespaces;") > log.rfind("cannot follow namespaces:")


@pytest.fixture
def skewed(hurt: Skewed) -> Iterator[Skewed]:
    wait_for(lambda: is_right(hurt.cluster.admin), "all is well at the start", RECOVERY)
    # Lookups are right before the watch is: one that still has its old trouble would not tell of it again.
    wait_for(lambda: follows(hurt.cluster.webhook.log()), "changes are heard of", RECOVERY)
    yield hurt
    hurt.clock.set_right()
    hurt.cluster.heal()


@pytest.mark.parametrize("skew", SKEWS, ids=lambda skew: str(skew.offset))
def test_a_clock_that_jumps_changes_no_verdict(skewed: Skewed, skew: Skew) -> None:
    """The watch that runs goes on; a new one needs an API server whose certificate is valid by this clock."""
    cluster, clock = skewed
    assert cluster.wire
    process = cluster.webhook.process
    known = fresh(cluster.admin)
    clock.set(skew.offset)

    assert is_right(cluster.admin)
    cluster.admin.patch(namespace(known), namespace(known, enforce="restricted")).good()
    wait_for(holds(cluster.admin, known, 403), "a change is heard of")
    assert cluster.webhook.readiness().startswith(f"not ready: {skew.own}" if skew.own else "ok")

    since = len(cluster.webhook.log())
    cluster.wire.cut()
    unheard = fresh(cluster.admin, enforce="restricted")
    if skew.others:
        wait_for(lambda: skew.others in cluster.webhook.log()[since:], "it says whom it does not trust")
        # What is known holds as it was; what is not known is nobody's guess.
        assert is_right(cluster.admin)
        assert {insecure(cluster.admin, unheard).code, secure(cluster.admin, unheard).code} == {500}
    wait_for(holds(cluster.admin, unheard, 500 if skew.others else 403), "nothing is let in unasked")

    clock.set_right()
    wait_for(holds(cluster.admin, unheard, 403), "the namespace is known", RECOVERY)
    wait_for(lambda: cluster.webhook.is_ready() and is_right(cluster.admin), "all is well again", RECOVERY)
    cluster.admin.patch(namespace(known), namespace(known, enforce="privileged")).good()
    wait_for(holds(cluster.admin, known, 201), "changes are heard of again", RECOVERY)
    assert cluster.webhook.process is process


def test_one_that_starts_with_a_wrong_clock_lets_nothing_in_until_it_is_right(skewed: Skewed) -> None:
    cluster, clock = skewed
    assert cluster.webhook.stop() == 0
    clock.set(timedelta(days=10))
    cluster.webhook.start(until_ready=False)
    wait_for(lambda: "certificate has expired" in cluster.webhook.readiness(), "it says why it is not ready")
    assert {secure(cluster.admin).code, insecure(cluster.admin, "free").code} == {500}

    clock.set_right()
    wait_for(cluster.webhook.is_ready, "it is ready", RECOVERY)
    assert is_right(cluster.admin)


def test_one_whose_own_certificate_lies_in_the_future_does_not_start(skewed: Skewed) -> None:
    cluster, clock = skewed
    assert cluster.webhook.stop() == 0
    clock.set(timedelta(hours=-5))
    with pytest.raises(Died, match="valid only from"):
        cluster.webhook.start()
    assert {secure(cluster.admin).code, insecure(cluster.admin, "free").code} == {500}

    clock.set_right()
    cluster.webhook.start()
    assert is_right(cluster.admin)
