"""Some of the controls alone."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.pods import Manifest, pods
from tests.strategies.standards import standards
from webhook.policy.checks import CHECKS
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.selection import Selection
from webhook.policy.standard import LATEST, Level, Standard

IDS = frozenset(check.id for check in CHECKS)
REPLACED = {each: check.id for check in CHECKS for each in check.overrides}


@given(pods(), standards(), st.frozensets(st.sampled_from(sorted(IDS)), min_size=1))
def test_what_is_selected_is_judged_as_ever_and_the_rest_is_not(
    manifest: Manifest, standard: Standard, only: frozenset[str]
) -> None:
    pod = pod_from(manifest)
    selected = {each.check.id: each for each in evaluate(pod, standard, Selection(only))}

    assert selected.keys() <= only
    for finding in evaluate(pod, standard):
        if finding.check.id in only:
            assert selected.pop(finding.check.id) == finding
    assert all(REPLACED[each] not in only for each in selected), "else only what a control replaces"


@given(pods(), standards())
def test_all_of_them_are_no_selection(manifest: Manifest, standard: Standard) -> None:
    pod = pod_from(manifest)
    assert evaluate(pod, standard, Selection(IDS)) == evaluate(pod, standard)


def test_a_control_is_asked_where_the_one_that_would_replace_it_is_not() -> None:
    """A team that wants seccomp alone must not lose it where the namespace asks for more."""
    pod = pod_from({"spec": {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}})
    only = Selection(frozenset({"seccompProfile_baseline"}))

    for level in (Level.BASELINE, Level.RESTRICTED):
        [finding] = evaluate(pod, Standard(level, LATEST), only)
        assert finding.check.id == "seccompProfile_baseline"
