"""Laws of merging: the result lets through exactly what it should, or there is none."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webhook.seccomp.call import Call
from webhook.seccomp.dialects import Dialect, Inexact, render
from webhook.seccomp.document import Document
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NotStarted, Unjudged
from webhook.seccomp.merging import Way, merged
from webhook.seccomp.syscalls import number_of
from webhook.seccomp.target import CONTAINERD_CRUN, CONTAINERD_RUNC, Target
from webhook.seccomp.verdict import verdict

TARGETS = (Target(), Target(CONTAINERD_CRUN))
CALLS = ("read", "socket", "personality", "mount")
VALUES = (0, 1, 8, 40, 1 << 32)
ALLOW, ERRNO, KILL = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS"
COMPARISONS = tuple(f"SCMP_CMP_{name}" for name in ("EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"))


def arguments() -> st.SearchStrategy[list[dict[str, object]]]:
    condition = st.fixed_dictionaries(
        {
            "index": st.integers(0, 1),
            "value": st.sampled_from(VALUES),
            "valueTwo": st.sampled_from((0, 8)),
            "op": st.sampled_from(COMPARISONS),
        }
    )
    return st.lists(condition, max_size=2, unique_by=lambda each: each["index"])


def profiles(arguments: st.SearchStrategy[list[dict[str, object]]]) -> st.SearchStrategy[Document]:
    rule = st.fixed_dictionaries(
        {
            "names": st.lists(st.sampled_from(CALLS), min_size=1, max_size=3, unique=True),
            "action": st.sampled_from((ALLOW, ERRNO, KILL)),
            "args": arguments,
        }
    )
    profile = st.fixed_dictionaries(
        {"defaultAction": st.sampled_from((ALLOW, ERRNO)), "syscalls": st.lists(rule, max_size=4)}
    )
    return profile.map(lambda each: Document(json.dumps(each).encode()))


def passes(document: Document, call: Call, target: Target) -> bool:
    return not verdict(load(document.read_by(target), target), call).outcome.action.restricts


calls = st.builds(
    lambda name, one, two: Call(TARGETS[0].architecture, number_of(name, TARGETS[0].architecture) or 0,
                                (one, two, 0, 0, 0, 0)),
    st.sampled_from((*CALLS, "getpid")), st.sampled_from((*VALUES, 7, 41)), st.sampled_from((*VALUES, 7)),
)  # fmt: skip


@given(
    profiles(arguments()),
    profiles(arguments()),
    st.sampled_from(Way),
    st.lists(calls, min_size=1, max_size=8),
)
def test_what_is_merged_is_exact(one: Document, other: Document, way: Way, asked: list[Call]) -> None:
    try:
        result = Document(render(merged(one, other, way, TARGETS), Dialect.OCI))
    except (Inexact, NotStarted, Unjudged):
        return
    both = any if way is Way.UNION else all

    for target in TARGETS:
        for call in asked:
            assert passes(result, call, target) is both(passes(each, call, target) for each in (one, other))


@settings(max_examples=30, deadline=None)
@given(profiles(st.just([])), profiles(st.just([])), st.sampled_from(Way))
def test_profiles_without_conditions_can_always_be_merged(one: Document, other: Document, way: Way) -> None:
    assert merged(one, other, way, TARGETS).default_action


ENDLESS = Document(
    b'{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": ['
    b'{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_NE"},'
    b' {"index": 1, "value": 0, "op": "SCMP_CMP_EQ"}]}, '
    b'{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_NE"},'
    b' {"index": 1, "value": 4294967296, "op": "SCMP_CMP_EQ"}]}]}'
)


@settings(max_examples=30, deadline=None)
@given(profiles(arguments()), st.sampled_from(Way))
@example(ENDLESS, Way.UNION)
def test_a_profile_merged_with_itself_is_itself(document: Document, way: Way) -> None:
    try:
        result = Document(render(merged(document, document, way, TARGETS), Dialect.OCI))
    except (Inexact, NotStarted, Unjudged):
        return

    for target in TARGETS:
        assert load(result.read_by(target), target).default == load(document.read_by(target), target).default


@pytest.mark.parametrize("way", Way)
def test_other_flags_are_not_merged(way: Way) -> None:
    plain = Document(b'{"defaultAction": "SCMP_ACT_ERRNO"}')
    logged = Document(b'{"defaultAction": "SCMP_ACT_ERRNO", "flags": ["SECCOMP_FILTER_FLAG_LOG"]}')

    with pytest.raises(Inexact, match="flags differ"):
        merged(plain, logged, way, (Target(CONTAINERD_RUNC),))


def test_a_union_of_other_architectures_is_refused() -> None:
    plain = Document(
        b'{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}'
    )
    wide = Document(plain.content.replace(b'"syscalls"', b'"architectures": ["SCMP_ARCH_X86"], "syscalls"'))

    with pytest.raises(Inexact, match="architectures differ"):
        merged(plain, wide, Way.UNION, TARGETS)
    assert merged(plain, wide, Way.INTERSECTION, TARGETS).architectures == ("SCMP_ARCH_X86_64",)


@pytest.mark.parametrize("way", Way)
def test_rules_that_stand_elsewhere_cannot_be_merged(way: Way) -> None:
    profile = {"defaultAction": ERRNO, "syscalls": [{"names": ["read"], "action": ALLOW}]}
    based = {"kind": "SeccompProfile", "spec": profile | {"baseProfileName": "runc-v1.3"}}
    based["apiVersion"] = "security-profiles-operator.x-k8s.io/v1beta1"
    one, other = (Document(json.dumps(each).encode()) for each in (profile, based))

    for pair in ((one, other), (other, one)):
        with pytest.raises(Inexact, match="baseProfileName"):
            merged(*pair, way, TARGETS)
