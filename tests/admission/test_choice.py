"""Pods that are shown one by one are chosen as the reference chooses them when it has them all."""

from hypothesis import given
from hypothesis import strategies as st

from webhook.admission.choice import Choice
from webhook.policy.exemptions import Exemptions
from webhook.policy.pod import Pod, pod_from

OWNERS = (None, "", "a", "b", "c")
EXEMPT = Exemptions(runtime_classes=frozenset({"sandbox"}))


@st.composite
def pods(draw: st.DrawFn) -> list[Pod]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        owner = draw(st.sampled_from(OWNERS))
        owners = [{"uid": owner, "controller": draw(st.sampled_from((True, True, False)))}]
        metadata = {"name": str(number), "ownerReferences": owners if owner is not None else []}
        spec = {"runtimeClassName": draw(st.sampled_from((None, None, "", "sandbox")))}
        made.append(pod_from({"metadata": metadata, "spec": spec}))
    return made


def chosen_from_all(pods: list[Pod], exemptions: Exemptions) -> list[Pod]:
    """Pods of no controller and the first of each, then all others."""
    known: set[str] = set()
    first, replicas = [], []
    for pod in pods:
        if exemptions.cover_runtime_class(pod.spec.runtime_class_name):
            continue
        uids = [each.uid or "" for each in pod.metadata.owner_references or () if each.controller][:1]
        (replicas if known & {*uids} else first).append(pod)
        known |= {*uids}
    return first + replicas


@given(shown=pods(), most=st.integers(1, 6), exemptions=st.sampled_from((EXEMPT, Exemptions())))
def test_one_of_each_controller_comes_first(shown: list[Pod], most: int, exemptions: Exemptions) -> None:
    choice = Choice(exemptions, most)
    for pod in shown:
        choice.show(pod)
    expected = chosen_from_all(shown, exemptions)
    assert list(choice.pods) == expected[:most]
    assert choice.shown == len(expected)


@given(shown=pods(), more=pods(), most=st.integers(1, 6), exemptions=st.sampled_from((EXEMPT, Exemptions())))
def test_once_it_is_settled_pods_are_only_counted(
    shown: list[Pod], more: list[Pod], most: int, exemptions: Exemptions
) -> None:
    choice = Choice(exemptions, most)
    for pod in shown:
        choice.show(pod)
    if choice.is_settled:
        before, counted = list(choice.pods), choice.shown
        for pod in more:
            choice.show(pod)
        assert (list(choice.pods), choice.shown) == (before, counted + len(more))
