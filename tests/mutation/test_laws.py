"""What holds for every pod that a default is put into."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mutation.open_pods import open_pod
from tests.mutation.patching import patched
from tests.strategies.pods import Manifest
from tests.strategies.standards import TURNING_STANDARDS
from webhook.mutation import NONE, RESTRICTED, STANDARD, Switches
from webhook.mutation.defaults.seccomp_profile import annotation_key
from webhook.mutation.switches import KNOWN
from webhook.policy.engine import evaluate
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import LATEST, Level, Standard

PODS = 4000
ALL = Switches.of(KNOWN)
SWITCHES = (STANDARD, RESTRICTED, ALL, *(Switches.of([each]) for each in sorted(KNOWN)))

Law = Callable[[Manifest, Switches], None]


@cache
def many() -> list[tuple[Manifest, Switches]]:
    random = Random(7)  # noqa: S311 - the same pods each time
    return [(open_pod(random), random.choice(SWITCHES)) for _ in range(PODS)]


def law(test: Law) -> object:
    """*test* for thousands of pods, and for those that Hypothesis makes small when they fail."""

    def for_all(source: str) -> None:
        if source == "thousands":
            for manifest, switches in many():
                test(manifest, switches)
        else:
            given(st.randoms(use_true_random=False).map(open_pod), st.sampled_from(SWITCHES))(test)()

    for_all.__name__ = for_all.__qualname__ = test.__name__
    return pytest.mark.parametrize("source", ["thousands", "shrinking"])(for_all)


@law
def test_a_second_time_puts_in_nothing(manifest: Manifest, switches: Switches) -> None:
    assert patched(patched(manifest, switches).manifest, switches).patch == []


@law
def test_what_was_set_stays_as_it_was(manifest: Manifest, switches: Switches) -> None:
    assert_kept(manifest, patched(manifest, switches).manifest)


def assert_kept(before: Any, after: Any) -> None:  # noqa: ANN401 - JSON of any kind
    if before is None or before == []:  # nothing, as the API server sees it
        return
    if isinstance(before, dict):
        for key, value in before.items():
            assert_kept(value, after[key])
    elif isinstance(before, list):
        assert len(before) == len(after)
        for old, new in zip(before, after, strict=True):
            assert_kept(old, new)
    else:
        assert before == after


@law
def test_the_patch_adds_one_value_at_each_place_that_is_open(manifest: Manifest, switches: Switches) -> None:
    _, patch, _ = patched(manifest, switches)
    paths = [operation["path"] for operation in patch]
    assert {operation["op"] for operation in patch} <= {"add"}
    assert len(paths) == len(set(paths))
    for path in paths:
        *parents, last = path.strip("/").split("/")
        holder: Any = manifest
        for step in parents:
            holder = holder[int(step) if isinstance(holder, list) else step]
        assert isinstance(holder, dict), "the object that is added to is there"
        assert holder.get(last) in (None, [])


@law
def test_no_operation_could_be_spared(manifest: Manifest, switches: Switches) -> None:
    _, patch, outcome = patched(manifest, switches)
    wanted = len({(id(put.node), put.field) for put in outcome.puts})
    assert len(patch) <= wanted == len(outcome.puts)
    seccomp = [op for op in patch if "seccompProfile" in str(op)]
    pod = pod_from(manifest)
    if any(op["path"].startswith("/spec/securityContext") for op in seccomp) and "seccompAnnotations" not in (
        switches.on
    ):
        assert len(seccomp) == 1
    for node, context in pod.setters:
        added = [op for op in patch if op["path"] == "/" + "/".join(map(str, place(pod, node)))]
        if added:
            assert context == type(context)(), "an object is added only where there is none"


def place(pod: Pod, node: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a container or None
    return (*(("spec",) if node is None else pod.path_of(node)), "securityContext")


@law
def test_no_standard_finds_more_than_before(manifest: Manifest, switches: Switches) -> None:
    before, after = pod_from(manifest), pod_from(patched(manifest, switches).manifest)
    for standard in TURNING_STANDARDS:
        assert found(after, standard) <= found(before, standard), standard


def found(pod: Pod, standard: Standard) -> set[tuple[Any, ...]]:
    return {
        (finding.check.id, each.path(pod), each.rule.words)
        for finding in evaluate(pod, standard)
        for each in finding.violations
    }


@law
def test_what_is_promised_is_cured_or_warned_about(manifest: Manifest, switches: Switches) -> None:
    pod = pod_from(manifest)
    after, _, outcome = patched(manifest, Switches.of(RESTRICTED.on | switches.on))
    result = pod_from(after)
    if not outcome.filled and not outcome.warnings:
        return
    for finding in evaluate(result, Standard(Level.RESTRICTED, LATEST)):
        for each in finding.violations:
            is_open = each.value is None or each.value == ()
            is_promised = finding.check.id in CURED and each.node is not None and is_open
            if is_promised and not is_set_by_the_pod(finding.check.id, pod):
                assert is_left_alone(each.node, pod), finding
                assert outcome.warnings


CURED = {
    "allowPrivilegeEscalation",
    "capabilities_restricted",
    "runAsNonRoot",
    "seccompProfile_restricted",
}


def is_set_by_the_pod(control: str, pod: Pod) -> bool:
    return (control == "runAsNonRoot" and pod.context.run_as_non_root is not None) or (
        control == "seccompProfile_restricted" and pod.context.seccomp_profile is not None
    )


def is_left_alone(node: Any, pod: Pod) -> bool:  # noqa: ANN401 - a container
    context = node.security_context
    if context is None:
        context = type(pod.contexts[0][1])()
    added = context.capabilities is not None and context.capabilities.add
    user = pod.context.run_as_user if context.run_as_user is None else context.run_as_user
    contradicts = pod.annotations.get(annotation_key(node), "runtime/default") != "runtime/default"
    return bool(context.privileged or added or user == 0 or contradicts)


@law
def test_no_profile_of_a_file_is_left_beside_another_type(manifest: Manifest, switches: Switches) -> None:
    for operation in patched(manifest, switches).patch:
        profile = operation["value"]
        if isinstance(profile, dict):
            profile = profile.get("seccompProfile", profile)
            assert ("localhostProfile" in profile) == (profile.get("type") == "Localhost")


@law
def test_switched_off_nothing_is_put_in(manifest: Manifest, switches: Switches) -> None:
    assert patched(manifest, NONE).patch == []
    names = {each.default.id for each in patched(manifest, switches).outcome.filled}
    assert names <= switches.on


@law
def test_warnings_are_short_and_few(manifest: Manifest, switches: Switches) -> None:
    warnings = patched(manifest, switches).outcome.warnings
    assert all(len(text) <= 120 for text in warnings)
    assert len(warnings) == len(set(warnings))


@law
def test_of_a_pod_that_runs_only_new_ephemeral_containers_are_changed(
    old: Manifest, switches: Switches
) -> None:
    spec = old["spec"]
    kept = spec.get("ephemeralContainers") or []
    names = {each.get("name") for each in kept}
    added = [{"name": "debug"}, *(spec.get("containers") or ()), {"name": "debug-2", "securityContext": {}}]
    new = {**old, "spec": {**spec, "ephemeralContainers": [*kept, *added]}}
    for operation in patched(new, switches, old).patch:
        _, _, kind, index, *_ = operation["path"].split("/")
        assert kind == "ephemeralContainers"
        assert new["spec"]["ephemeralContainers"][int(index)].get("name") not in names
    assert patched(old, switches, old).patch == []
