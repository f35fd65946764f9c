"""Defaults and exceptions: what a container may be without is not put into it, and all else is."""

from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mutation.open_pods import open_pod
from tests.mutation.patching import patched
from tests.policy.excepting import TODAY, exceptions_of
from tests.strategies.pods import Manifest
from webhook.mutation import RESTRICTED, STANDARD, Switches
from webhook.mutation.defaults import DEFAULTS
from webhook.mutation.switches import KNOWN
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.relief import Exceptions, Subject, relieved
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import LATEST, PRIVILEGED, Level, Standard

PODS = 1500
SWITCHES = (STANDARD, RESTRICTED, Switches.of(KNOWN))
CONTROLS = sorted({*(name for each in DEFAULTS for name in each.cures), "seccompRequired"})
CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
REQUIRED = Selection(frozenset(), frozenset({("seccompRequired", Level.BASELINE)}))
ASKED = ((Standard(Level.RESTRICTED, LATEST), ALL), (Standard(Level.BASELINE, LATEST), REQUIRED))
ENFORCED = ((PRIVILEGED, ALL), *ASKED)
Enforced = tuple[Standard, Selection]
Places = set[tuple[str | int, ...]]


def some_exceptions(random: Random) -> Exceptions:
    """For pods or for containers, by name or by image, of some of what defaults are about."""
    matches: list[dict[str, Any]] = [{}, {"containers": ["a"]}, {"containers": ["b*"]}, {"images": ["app"]}]
    ids = random.sample(CONTROLS, random.choice((1, 1, 2)))
    return exceptions_of(*({"allow": [{"control": each}], "match": random.choice(matches)} for each in ids))


def wrong(manifest: Manifest, asked: Enforced, exceptions: Exceptions | None = None) -> Places:
    """The fields that break what is asked, after exceptions if there are any."""
    pod = pod_from(manifest)
    findings = evaluate(pod, *asked)
    if exceptions is not None:
        findings = relieved(findings, Subject.of_pod(pod, "shop"), exceptions, TODAY).findings
    return {violation.path(pod) for each in findings for violation in each.violations}


def excused(manifest: Manifest, enforced: Enforced, exceptions: Exceptions) -> Places:
    """The fields of containers that an exception lets be as they are, and that nothing enforced asks for."""
    let_pass = [wrong(manifest, each) - wrong(manifest, each, exceptions) for each in ASKED]
    # Where two controls ask for the same, one that is named lets it pass, if it is the one in force.
    named = {path for path in set().union(*let_pass) if path[1] in CONTAINERS}
    return named - wrong(manifest, enforced, exceptions)


def holds_for(manifest: Manifest, switches: Switches, exceptions: Exceptions, enforced: Enforced) -> bool:
    """The law: what may be lacking stays so, nothing gets worse, a second run puts in nothing."""
    after = patched(manifest, switches, exceptions=exceptions, enforced=enforced)

    may_lack = excused(manifest, enforced, exceptions)
    assert may_lack <= excused(after.manifest, enforced, exceptions)
    assert wrong(after.manifest, ASKED[0]) <= wrong(manifest, ASKED[0])
    assert wrong(after.manifest, enforced, exceptions) <= wrong(manifest, enforced, exceptions)
    assert patched(after.manifest, switches, exceptions=exceptions, enforced=enforced).patch == []
    return bool(after.outcome.uses)


@cache
def many() -> list[tuple[Manifest, Switches, Exceptions, Enforced]]:
    random = Random(11)  # noqa: S311 - the same pods each time
    return [
        (open_pod(random), random.choice(SWITCHES), some_exceptions(random), random.choice(ENFORCED))
        for _ in range(PODS)
    ]


def test_thousands_of_containers_stay_without_what_they_may_be_without() -> None:
    kept_out = sum(holds_for(*each) for each in many())
    assert kept_out > PODS / 10, "or the law is about nothing"


@given(st.randoms(use_true_random=False))
def test_any_container_stays_without_what_it_may_be_without(random: Random) -> None:
    holds_for(open_pod(random), random.choice(SWITCHES), some_exceptions(random), random.choice(ENFORCED))


def test_what_no_exception_matches_is_put_in_as_ever() -> None:
    """Of pods without annotations: where these differ from a field, it matters where that stands."""
    for manifest, switches, exceptions, enforced in many():
        if (manifest.get("metadata") or {}).get("annotations"):
            continue
        plain = patched(manifest, switches)
        may_lack = excused(manifest, enforced, exceptions)
        after = patched(manifest, switches, exceptions=exceptions, enforced=enforced)

        assert wrong(after.manifest, ASKED[0]) - may_lack == wrong(plain.manifest, ASKED[0]) - may_lack
        elsewhere = patched(manifest, switches, exceptions=exceptions, namespace="other")
        assert (elsewhere.patch, elsewhere.outcome.uses) == (plain.patch, ())


def test_an_exception_from_another_control_does_not_keep_out_what_is_enforced() -> None:
    """The pod would be refused for want of what was kept out."""
    manifest = {"spec": {"containers": [{"name": "clock"}]}}
    exceptions = exceptions_of({"allow": [{"control": "seccompRequired"}]})

    for enforced, is_put_in in (((PRIVILEGED, ALL), False), (ASKED[1], False), (ASKED[0], True)):
        patch = patched(manifest, STANDARD, exceptions=exceptions, enforced=enforced).patch
        assert bool(patch) is is_put_in


@pytest.mark.parametrize(
    ("control", "switches"),
    [
        ("runAsNonRoot", ["runAsNonRoot"]),
        ("allowPrivilegeEscalation", ["allowPrivilegeEscalation"]),
        ("capabilities_restricted", ["capabilities"]),
        ("seccompProfile_restricted", ["seccompProfile"]),
        ("seccompRequired", ["seccompProfile"]),
    ],
)
def test_the_bundle_leaves_an_excepted_container_alone_and_serves_the_other(
    control: str, switches: list[str]
) -> None:
    manifest = {"spec": {"containers": [{"name": "app"}, {"name": "clock"}]}}
    exceptions = exceptions_of({"match": {"containers": ["clock"]}, "allow": [{"control": control}]})

    spec = patched(manifest, Switches.of(switches), exceptions=exceptions).manifest["spec"]

    assert "securityContext" not in spec, "the excepted container would inherit it"
    assert [bool(each.get("securityContext")) for each in spec["containers"]] == [True, False]


@pytest.mark.parametrize("where", ["pod", "container"])
def test_a_translated_annotation_is_no_way_around_an_exception(where: str) -> None:
    key = {
        "pod": "seccomp.security.alpha.kubernetes.io/pod",
        "container": "container.seccomp.security.alpha.kubernetes.io/clock",
    }[where]
    manifest = {
        "metadata": {"annotations": {key: "localhost/a.json"}},
        "spec": {"containers": [{"name": "clock"}]},
    }
    exceptions = exceptions_of(
        {"match": {"containers": ["clock"]}, "allow": [{"control": "seccompProfile_restricted"}]}
    )

    _, patch, outcome = patched(manifest, Switches.of(KNOWN), exceptions=exceptions)
    assert "localhostProfile" not in str(patch)
    assert any("not translated" in text for text in outcome.warnings)


def test_an_exception_for_a_value_lets_nothing_be_unset() -> None:
    only_false = {"allow": [{"control": "runAsNonRoot", "values": [False]}]}
    manifest = {"spec": {"containers": [{"name": "clock"}]}}

    assert patched(manifest, Switches.of(["runAsNonRoot"]), exceptions=exceptions_of(only_false)).patch
