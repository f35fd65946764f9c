"""The re-check of the pods of a namespace: which ones, how many, for how long."""

from collections.abc import Iterator, Sequence
from itertools import count

import pytest

from tests.admission.cases import World, body_of, request_of
from webhook.admission import Decision, Excerpt, review
from webhook.config import DEFAULTS, Settings
from webhook.policy.exemptions import Exemptions
from webhook.policy.pod import Pod, pod_from

TIGHTENING = {
    "resource": "namespaces",
    "operation": "UPDATE",
    "object": {"metadata": {"labels": {"enforce": "baseline"}}},
    "oldObject": {},
}


def bad_pod(name: str, *, owner: str | None = None, is_controller: bool = True, **spec: object) -> Pod:
    owners = [{"uid": "other"}, {"uid": owner, "controller": is_controller}] if owner is not None else []
    return pod_from(
        {"metadata": {"name": name, "ownerReferences": owners}, "spec": {"hostNetwork": True, **spec}}
    )


def tightened(
    pods: Sequence[Pod] | Excerpt,
    *,
    times: Iterator[float] | None = None,
    deadline: float | None = None,
    settings: Settings = DEFAULTS,
) -> tuple[Decision, World]:
    world = World(pods=pods)
    times = times or iter(lambda: 0.0, None)
    body = body_of(request_of(TIGHTENING))
    answer = review(body, settings=settings, cluster=world, clock=lambda: next(times), deadline=deadline)
    assert answer.decision.failure is None
    return answer.decision, world


def told(pods: int, *, of: int) -> str:
    return f"new PodSecurity enforce level only checked against the first {pods} of {of} existing pods"


def test_at_most_3000_pods_are_looked_at() -> None:
    decision, _ = tightened([bad_pod("a")] * 2999 + [bad_pod("z"), bad_pod("0", hostPID=True)])

    assert decision.warnings == (
        told(3000, of=3001),
        'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
        "a (and 2999 other pods): host namespaces",
    )


def test_3000_pods_are_all_of_them() -> None:
    decision, _ = tightened([bad_pod("a")] * 3000)

    assert len(decision.warnings) == 2


def test_the_check_ends_after_a_second_and_sees_one_pod_at_least() -> None:
    decision, world = tightened([bad_pod("a")] * 5, times=count(10.0, 1.0))

    assert world.deadlines == [11.0]
    assert decision.warnings[0] == told(1, of=5)
    assert decision.warnings[2] == "a: host namespaces"


def test_time_is_looked_at_after_each_pod() -> None:
    decision, _ = tightened([bad_pod("a")] * 5, times=count(0.0, 0.25))

    assert decision.warnings[0] == told(4, of=5)


def test_time_that_ends_with_the_last_pod_is_enough() -> None:
    decision, _ = tightened([bad_pod("a")] * 4, times=count(0.0, 0.25))

    assert len(decision.warnings) == 2


@pytest.mark.parametrize(("deadline", "end"), [(110.0, 101.0), (101.0, 100.5), (100.0, 100.0), (90.0, 95.0)])
def test_half_of_the_time_that_is_left_is_for_the_check(deadline: float, end: float) -> None:
    _, world = tightened([], times=iter([100.0]), deadline=deadline)

    assert world.deadlines == [end]


def test_replicas_do_not_crowd_out_others() -> None:
    replicas = [bad_pod(f"r{number}", owner="r") for number in range(4000)]
    others = [
        bad_pod("alone", hostPID=True, containers=[{"securityContext": {"privileged": True}}]),
        bad_pod("owned", owner="s", containers=[{"ports": [{"hostPort": 1}]}]),
        bad_pod(
            "helped", owner="r", is_controller=False, containers=[{"securityContext": {"procMount": "X"}}]
        ),
    ]
    decision, _ = tightened([*replicas, *others])

    assert decision.warnings[0] == told(3000, of=4003)
    assert decision.warnings[2:] == (
        "alone: host namespaces, privileged",
        "helped: host namespaces, procMount",
        "owned: host namespaces, hostPort",
        "r0 (and 2996 other pods): host namespaces",
    )


def test_pods_that_come_in_parts_are_taken_until_more_would_change_nothing() -> None:
    asked = []

    def parts() -> Iterator[tuple[list[Pod], int]]:
        for number in range(20):
            asked.append(number)
            yield [bad_pod(f"p{number}", owner="r" if number < 4 else None)] * 500, 9500 - 500 * number

    decision, _ = tightened(Excerpt(parts))

    # Of the first four parts all but one pod are replicas, and the last pod of the tenth is one too many.
    assert asked == [*range(10)]
    assert decision.warnings == (
        told(3000, of=10_000),
        'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
        "p0 (and 2999 other pods): host namespaces",
    )


def test_an_owner_without_a_uid_is_an_owner() -> None:
    decision, _ = tightened(
        [bad_pod("a", owner=""), bad_pod("b", owner=""), bad_pod("c")], times=iter([0.0, 0.0, 5.0])
    )

    assert decision.warnings[0] == told(2, of=3)
    assert decision.warnings[2] == "a (and 1 other pod): host namespaces"


def test_pods_of_exempt_runtime_classes_are_in_no_count() -> None:
    settings = Settings(exemptions=Exemptions(runtime_classes=frozenset({"sandbox"})))
    pods = [bad_pod("a", runtimeClassName="sandbox"), bad_pod("b"), bad_pod("c", runtimeClassName="")]
    decision, _ = tightened(pods, settings=settings, times=iter([0.0, 5.0]))

    assert decision.warnings[0] == told(1, of=2)


def test_a_group_is_named_after_its_first_pod_in_the_order_of_bytes() -> None:
    names = ("\U0001f600", "\uffee", "b", "B")

    assert tightened([bad_pod(name) for name in names])[0].warnings[1].startswith("B (and 3 other pods)")
    assert tightened([bad_pod(name) for name in names[:2]])[0].warnings[1].startswith("\uffee (and 1 ")
