"""What breaks in a cluster: after each fault the webhook is right again by itself, and no yes was wrong."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.api import Answer
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.judgment import RECOVERY, fresh, holds, insecure, is_right, secure
from tests.e2e.load import load
from tests.e2e.objects import namespace, plain_spec, pod
from tests.e2e.processes import wait_for
from tests.e2e.vigil import vigil
from tests.e2e.wire import Wire

NOTICED = 60.0
"""Seconds in which lost packets must be noticed; it takes five, more where the machine is busy."""

HEARD = 1.0
"""Seconds after which new labels must hold."""
JUDGED = 10

SLOW = 2.0
AT_ONCE = 3


@pytest.fixture(scope="module")
def hurt(place: Path) -> Iterator[WebhookCluster]:
    """A cluster that these tests break; each starts where all is well."""
    need("etcd", "kube-apiserver")
    with WebhookCluster(place / "faults") as started:
        started.admin.create(namespace("strict", enforce="restricted")).good()
        started.admin.create(namespace("free")).good()
        yield started


@pytest.fixture
def cluster(hurt: WebhookCluster, request: pytest.FixtureRequest) -> Iterator[WebhookCluster]:
    """The cluster, into which somebody tries to get a bad pod from the start of the test to its end."""
    hurt.heal()
    wait_for(lambda: is_right(hurt.admin), "all is well at the start", RECOVERY)
    booted = hurt.webhook.booted()
    assert booted
    with vigil(hurt.admin) as answers:
        wait_for(lambda: len(answers) > 0, "somebody asks")
        yield hurt
        wait_for(lambda: is_right(hurt.admin), "all is well again", RECOVERY)
    codes = {answer.code for answer in answers}
    assert 403 in codes
    assert 201 not in codes or request.node.get_closest_marker("lets_in"), "a wrong yes"
    assert hurt.webhook.booted() == booted or request.node.get_closest_marker("ends_webhook"), "it went on"


@pytest.fixture
def wire(cluster: WebhookCluster) -> Iterator[Wire]:
    assert cluster.wire
    yield cluster.wire
    cluster.wire.mend()


def has_more_than(answers: list[Answer], number: int) -> bool:
    return len(answers) > number


@pytest.mark.ends_webhook
def test_while_it_is_away_nothing_gets_in_where_it_must_be_asked(cluster: WebhookCluster) -> None:
    cluster.webhook.kill()
    # The first may still go out on a connection that nobody reads from any more.
    for answer in (insecure(cluster.admin), secure(cluster.admin), insecure(cluster.admin)):
        assert (answer.code, answer.body["reason"]) == (500, "InternalError")
        assert 'failed calling webhook "pod-security-webhook.kubernetes.io"' in answer.message
    assert "connection refused" in answer.message
    cluster.webhook.start()
    assert is_right(cluster.admin)


@pytest.mark.lets_in
@pytest.mark.ends_webhook
def test_while_it_is_away_everything_gets_in_where_it_need_not_be_asked(cluster: WebhookCluster) -> None:
    cluster.register(policy="Ignore")
    cluster.webhook.kill()
    wait_for(holds(cluster.admin, "strict", 201), "failures are ignored")
    audit_id = insecure(cluster.admin).audit_id
    noted = cluster.plane.audit.annotations(audit_id)
    assert any(key.startswith("failed-open.validating.webhook.admission.k8s.io/") for key in noted)
    cluster.webhook.start()
    assert is_right(cluster.admin)
    cluster.register(policy="Fail")
    cluster.webhook.kill()
    wait_for(holds(cluster.admin, "strict", 500), "failures are no longer ignored")
    cluster.webhook.start()


@pytest.mark.ends_webhook
def test_a_kill_in_the_middle_of_requests_lets_none_of_them_in(cluster: WebhookCluster) -> None:
    with load(partial(insecure, cluster.admin)) as answers:
        for _ in range(3):
            seen = len(answers)
            wait_for(partial(has_more_than, answers, seen + 20), "requests are on their way")
            cluster.webhook.kill()
            cluster.webhook.start()
    codes = {answer.code for answer in answers}
    assert codes == {403, 500}
    assert is_right(cluster.admin)


@pytest.mark.ends_webhook
def test_a_stop_in_order_fails_no_request_that_was_under_way(cluster: WebhookCluster) -> None:
    with load(partial(insecure, cluster.admin)) as answers:
        wait_for(partial(has_more_than, answers, 20), "requests are on their way")
        assert cluster.webhook.stop() == 0
        cluster.webhook.start()
    refused = {answer.message.rpartition(": ")[2] for answer in answers if answer.code == 500}
    assert refused <= {"connection refused"}
    assert is_right(cluster.admin)


def test_one_that_stands_still_is_given_up_on_after_its_time(cluster: WebhookCluster) -> None:
    cluster.register(timeout=1)
    cluster.webhook.pause()
    try:
        wait_for(lambda: "1s" in insecure(cluster.admin).message, "the shorter time holds")
        answer = insecure(cluster.admin)
        assert answer.code == 500
        assert "context deadline exceeded" in answer.message
    finally:
        cluster.webhook.go_on()
    cluster.register(timeout=5)
    wait_for(lambda: is_right(cluster.admin), "all is well again", RECOVERY)


@pytest.mark.parametrize("in_order", [True, False], ids=["stopped", "killed"])
def test_the_api_server_comes_back(cluster: WebhookCluster, *, in_order: bool) -> None:
    known = fresh(cluster.admin)
    wait_for(holds(cluster.admin, known, 201), "the namespace is known")
    (cluster.plane.stop if in_order else cluster.plane.kill)("kube-apiserver")
    cluster.plane.start_api_server()
    # An API server that has just started may itself need a moment to know its webhooks.
    wait_for(lambda: is_right(cluster.admin), "all is well again", RECOVERY)
    cluster.admin.patch(namespace(known), namespace(known, enforce="restricted")).good()
    wait_for(holds(cluster.admin, known, 403), "changes of labels are heard of again", RECOVERY)


def test_etcd_comes_back(cluster: WebhookCluster) -> None:
    known = fresh(cluster.admin)
    cluster.plane.kill("etcd")
    assert cluster.webhook.is_ready()
    cluster.plane.start_etcd()
    wait_for(cluster.plane.is_ready, "the API server has etcd again", RECOVERY)
    wait_for(lambda: is_right(cluster.admin), "all is well again", RECOVERY)
    cluster.admin.patch(namespace(known), namespace(known, enforce="restricted")).good()
    wait_for(holds(cluster.admin, known, 403), "changes of labels are heard of again", RECOVERY)


def test_a_watch_that_is_cut_is_taken_up_again(cluster: WebhookCluster, wire: Wire) -> None:
    known = fresh(cluster.admin)
    for level, code in (("restricted", 403), ("privileged", 201), ("baseline", 403)):
        wire.cut()
        cluster.admin.patch(namespace(known), namespace(known, enforce=level)).good()
        wait_for(holds(cluster.admin, known, code), "the change is heard of", RECOVERY)
    assert is_right(cluster.admin)


def test_what_happened_while_nothing_was_heard_is_learned_afterwards(
    cluster: WebhookCluster, wire: Wire
) -> None:
    """The API server that it finds again has forgotten what it knew: 410, and a list from the start."""
    changed, removed = fresh(cluster.admin), fresh(cluster.admin, enforce="restricted")
    wait_for(holds(cluster.admin, changed, 201), "the namespace is known")
    wire.refuse()
    assert secure(cluster.admin).code == 201
    assert insecure(cluster.admin).code == 403
    cluster.admin.patch(namespace(changed), namespace(changed, enforce="restricted")).good()
    unheard = fresh(cluster.admin, enforce="restricted")
    assert insecure(cluster.admin, unheard).code == 500
    since = len(cluster.webhook.log())
    cluster.plane.stop("kube-apiserver")
    cluster.plane.start_api_server()
    wire.mend()
    # In the stream of a watch that was answered with 200, so that no counter of answers has it.
    expired = "watch namespaces: the API server answered 410 Gone: too old resource version"
    wait_for(lambda: expired in cluster.webhook.log()[since:], "the watch is known to be lost", RECOVERY)
    wait_for(holds(cluster.admin, changed, 403), "the change is heard of", RECOVERY)
    assert insecure(cluster.admin, removed).code == 403
    assert insecure(cluster.admin, unheard).code == 403
    assert is_right(cluster.admin)


def test_an_api_server_that_hangs_holds_nobody_up(cluster: WebhookCluster, wire: Wire) -> None:
    wire.stall()
    unheard = fresh(cluster.admin, enforce="restricted")
    assert is_right(cluster.admin)
    answer = insecure(cluster.admin, unheard)
    assert answer.code == 500
    assert f'failed to lookup namespace "{unheard}"' in answer.message
    wire.mend()
    wire.cut()
    wait_for(holds(cluster.admin, unheard, 403), "the namespace is looked up", RECOVERY)


def test_a_connection_whose_packets_are_lost_is_given_up(
    cluster: WebhookCluster, wire: Wire, announce: Callable[[str], None]
) -> None:
    """Nobody ends anything: packets stay away, and so do answers to the kernel's probes.

    Before and after this is noticed, namespaces are judged by the labels that were last heard, and pods in
    one that was never heard of are refused. What became stricter meanwhile is not known, and that is told.
    """
    tightened = fresh(cluster.admin)
    wait_for(holds(cluster.admin, tightened, 201), "the namespace is known")
    wait_for(lambda: not is_behind(cluster), "changes are heard of", RECOVERY)
    since = len(cluster.webhook.log())
    wire.drop()
    lost = time.monotonic()
    cluster.admin.patch(namespace(tightened), namespace(tightened, enforce="restricted")).good()
    unheard = fresh(cluster.admin, enforce="restricted")

    def as_last_heard() -> bool:
        codes = [insecure(cluster.admin, place).code for place in (tightened, unheard)]
        return is_right(cluster.admin) and codes == [201, 500]

    assert as_last_heard()
    wait_for(lambda: is_behind(cluster), "it says that nothing is heard", NOTICED)
    announce(f"lost packets are noticed after {time.monotonic() - lost:.1f} s")
    assert "cannot follow namespaces: " in cluster.webhook.log()[since:]
    assert as_last_heard()
    assert cluster.webhook.is_ready()

    wire.mend()
    wait_for(holds(cluster.admin, tightened, 403), "the change is heard of", RECOVERY)
    assert insecure(cluster.admin, unheard).code == 403
    assert is_right(cluster.admin)
    wait_for(lambda: not is_behind(cluster), "changes are heard of", RECOVERY)


def is_behind(cluster: WebhookCluster) -> bool:
    """Whether it says that it does not hear of changes."""
    stale_since = r"^seccomp_webhook_namespaces_stale_since\S* [1-9]"
    return re.search(stale_since, cluster.webhook.metrics(), re.MULTILINE) is not None


@pytest.mark.parametrize("verb", ["list", "watch"])
def test_rights_that_are_taken_away_are_named_and_come_back(
    cluster: WebhookCluster, wire: Wire, verb: str
) -> None:
    known = fresh(cluster.admin)
    wait_for(holds(cluster.admin, known, 201), "the namespace is known")
    cluster.rights.take_away("namespaces", verb)
    try:
        since = len(cluster.webhook.log())
        wire.refuse()
        cluster.plane.stop("kube-apiserver")
        cluster.plane.start_api_server()
        wire.mend()
        wait_for(
            lambda: f"missing permission: {verb} namespaces" in cluster.webhook.log()[since:],
            "the right is named",
            RECOVERY,
        )
        assert insecure(cluster.admin).code == 403
        # What is not known is looked up, which is still allowed.
        assert insecure(cluster.admin, fresh(cluster.admin, enforce="baseline")).code == 403
    finally:
        cluster.rights.give()
    cluster.admin.patch(namespace(known), namespace(known, enforce="restricted")).good()
    wait_for(holds(cluster.admin, known, 403), "the change is heard of", RECOVERY)
    assert is_right(cluster.admin)


def test_without_the_right_to_list_pods_users_are_told_that_none_were_looked_at(
    cluster: WebhookCluster,
) -> None:
    place = fresh(cluster.admin)
    cluster.admin.create(pod("plain", place, plain_spec())).good()
    change = namespace(place, enforce="restricted")
    cluster.rights.take_away("pods", "list")
    try:
        failed = "failed to list pods while checking new PodSecurity enforce level"
        wait_for(lambda: failed in str(warnings_of(cluster, change)), "users are told", RECOVERY)
    finally:
        cluster.rights.give()
    wait_for(lambda: "runAsNonRoot" in str(warnings_of(cluster, change)), "pods are looked at again")


def warnings_of(cluster: WebhookCluster, change: dict[str, object]) -> tuple[str, ...]:
    return cluster.admin.patch(change, change, dry_run=True).good().warnings


def test_a_namespace_can_be_used_at_once(cluster: WebhookCluster) -> None:
    for _ in range(50):
        assert insecure(cluster.admin, fresh(cluster.admin, enforce="restricted")).code == 403
        assert insecure(cluster.admin, fresh(cluster.admin)).code == 201


def test_a_namespace_that_was_made_anew_has_its_new_labels(cluster: WebhookCluster) -> None:
    place = fresh(cluster.admin)
    assert insecure(cluster.admin, place).code == 201
    removed = namespace(place)
    cluster.admin.delete(removed)
    # There is no controller that would finish the deletion.
    finished = {**removed, "spec": {"finalizers": []}}
    cluster.admin.ask("PUT", f"api/v1/namespaces/{place}/finalize", finished).good()
    cluster.admin.create(namespace(place, enforce="restricted")).good()
    wait_for(holds(cluster.admin, place, 403), "the new labels hold", 1.0)


class Creation(NamedTuple):
    """A pod, when it was sent, and what came of it."""

    begun: float
    code: int


@pytest.fixture
def workers(cluster: WebhookCluster, request: pytest.FixtureRequest) -> Iterator[int]:
    """So many processes answer."""
    number: int = request.param
    if number != cluster.webhook.workers:
        restart(cluster, number)
    yield number
    if cluster.webhook.workers != 1:
        restart(cluster, 1)


def restart(cluster: WebhookCluster, workers: int) -> None:
    cluster.webhook.stop()
    cluster.webhook.workers = workers
    cluster.webhook.start()


@pytest.mark.parametrize(
    "workers", [1, pytest.param(2, marks=pytest.mark.ends_webhook)], indirect=True, ids="workers-{}".format
)
def test_new_labels_hold_within_a_second_where_pods_are_being_created(
    cluster: WebhookCluster, workers: int, announce: Callable[[str], None]
) -> None:
    place = fresh(cluster.admin)
    seen: list[Creation] = []

    def create() -> Answer:
        begun = time.monotonic()
        answer = insecure(cluster.admin, place)
        seen.append(Creation(begun, answer.code))
        return answer

    judged = 0
    with load(create):
        for level, code in (("restricted", 403), ("privileged", 201)) * 2:
            cluster.admin.patch(namespace(place), namespace(place, enforce=level)).good()
            holds_from = time.monotonic() + HEARD
            before = len(seen)

            def late(since: float = holds_from, before: int = before) -> list[int]:
                return [each.code for each in seen[before:] if each.begun > since]

            wait_for(lambda late=late: len(late()) > JUDGED, "pods are created under the new labels")
            assert set(late()) == {code}, f"{level} holds"
            judged += len(late())
    announce(f"{judged} pods, sent {HEARD} s after the labels changed, were judged right by {workers}")


def test_a_slow_webhook_is_waited_for(cluster: WebhookCluster) -> None:
    """Each answer takes two of its five seconds."""
    wire = Wire(cluster.webhook.port)
    with closing(wire):
        cluster.register(url=cluster.webhook.url.replace(str(cluster.webhook.port), str(wire.port)))
        wire.slow_down(SLOW)
        try:
            for ask, code in ((insecure, 403), (secure, 201)):
                since = time.monotonic()
                answer = ask(cluster.admin)
                assert answer.code == code, answer.message
                assert time.monotonic() - since >= SLOW
            with ThreadPoolExecutor(AT_ONCE) as pool:
                # On connections of their own, whose first answers take longer.
                codes = [each.code for each in pool.map(insecure, [cluster.admin] * AT_ONCE)]
            assert codes == [403] * AT_ONCE
        finally:
            cluster.register()


MISSING = (("list", "namespaces"), ("watch", "namespaces"), ("get", "namespaces"), ("list", "pods"))


@pytest.mark.ends_webhook
@pytest.mark.parametrize("missing", MISSING, ids=" ".join)
def test_a_right_that_is_missing_at_the_start_is_named(
    cluster: WebhookCluster, missing: tuple[str, str]
) -> None:
    verb, resource = missing
    cluster.webhook.stop()
    cluster.rights.take_away(resource, verb)
    since = len(cluster.webhook.log())
    try:
        cluster.webhook.start(until_ready=False)
        told = f"missing permission: {verb} {resource}"
        wait_for(lambda: told in cluster.webhook.log()[since:], "the right is named", RECOVERY)
        others = {f"missing permission: {' '.join(each)}" for each in MISSING if each != missing}
        if missing in (("list", "namespaces"), ("watch", "namespaces")):
            assert told in cluster.webhook.readiness()
            assert not cluster.webhook.is_ready()
        else:
            wait_for(cluster.webhook.is_ready, "it is ready: this is only needed now and then")
            assert is_right(cluster.admin)
        assert not [each for each in others if each in cluster.webhook.log()[since:]]
    finally:
        cluster.rights.give()
    wait_for(cluster.webhook.is_ready, "it is ready, without a restart", RECOVERY)
