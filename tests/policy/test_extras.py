"""Controls beside the standards: what they ask, and that nothing else is changed by them."""

from inspect import getdoc

import pytest
from hypothesis import given

from tests.strategies.pods import Manifest, pods
from tests.strategies.standards import standards
from webhook.policy.check import Finding
from webhook.policy.checks import CHECKS
from webhook.policy.engine import asked, evaluate
from webhook.policy.extras import EXTRAS
from webhook.policy.message import detail, reason
from webhook.policy.patterns import Name
from webhook.policy.pod import pod_from
from webhook.policy.selection import ALL, Selection, Wanted, selection_in
from webhook.policy.standard import LATEST, Level, Standard, Version

ID = "seccompRequired"
FIRST = Version.parse("v1.19")
REQUIRED = Selection(extra=frozenset({(ID, Level.BASELINE)}))
EVERYWHERE = Selection(extra=frozenset({(ID, Level.PRIVILEGED)}))
BASELINE, RESTRICTED = (Standard(level, LATEST) for level in (Level.BASELINE, Level.RESTRICTED))


def of_control(findings: tuple[Finding, ...], *ids: str) -> list[Finding]:
    return [each for each in findings if each.check.id in ids]


def test_every_extra_control_says_what_it_is_about_and_is_no_control_of_the_standards() -> None:
    standards_own = {check.id for check in CHECKS}
    for name, extra in EXTRAS.items():
        check = extra.check
        assert name == check.id
        assert name not in standards_own
        assert {extra.yields_to, *check.overrides} <= standards_own
        assert check.about.count("\n") == 0
        assert name in extra.switch
        assert all(getdoc(revision.violations) for revision in check.revisions)


@given(pods(), standards())
def test_a_profile_is_asked_as_at_restricted_and_nothing_else_is_changed(
    manifest: Manifest, standard: Standard
) -> None:
    pod = pod_from(manifest)
    plain, more = evaluate(pod, standard), evaluate(pod, standard, REQUIRED)
    restricted = evaluate(pod, Standard(Level.RESTRICTED, standard.version))
    if standard.version < FIRST:
        # What the standards do not ask yet is asked as in their first version that does.
        restricted = evaluate(pod, Standard(Level.RESTRICTED, FIRST))
    wanted = of_control(restricted, "seccompProfile_restricted")
    found = of_control(more, ID, "seccompProfile_restricted")

    if standard.level is Level.PRIVILEGED:
        assert more == plain == ()
        return
    replaced = (ID, "seccompProfile_baseline", "seccompProfile_restricted")
    assert [each for each in more if each.check.id not in replaced] == [
        each for each in plain if each.check.id not in replaced
    ]
    assert not of_control(more, "seccompProfile_baseline")
    annotated = of_control(plain, "seccompProfile_baseline") if standard.version < FIRST else []
    if annotated:
        (both,) = found
        assert both.violations == (
            *annotated[0].violations,
            *(violation for each in wanted for violation in each.violations),
        )
        return
    assert [(each.violations, reason(each), detail(each)) for each in found] == [
        (each.violations, reason(each), detail(each)) for each in wanted
    ]


@given(pods(), standards())
def test_at_restricted_it_is_the_control_of_the_standard(manifest: Manifest, standard: Standard) -> None:
    pod, strict = pod_from(manifest), Standard(Level.RESTRICTED, max(standard.version, FIRST))

    assert evaluate(pod, strict, REQUIRED) == evaluate(pod, strict)
    assert evaluate(pod, strict, EVERYWHERE) == evaluate(pod, strict)


def profile(kind: str) -> Manifest:
    return {"securityContext": {"seccompProfile": {"type": kind}}}


@pytest.mark.parametrize(
    ("spec", "refused"),
    [
        ({"containers": [{"name": "a"}]}, True),
        ({"containers": [{"name": "a", **profile("Unconfined")}]}, True),
        ({**profile("RuntimeDefault"), "containers": [{"name": "a"}]}, False),
        ({**profile("Localhost"), "initContainers": [{"name": "a"}]}, False),
        ({"ephemeralContainers": [{"name": "a"}]}, True),
        ({"os": {"name": "windows"}, "containers": [{"name": "a"}]}, False),
    ],
)
@pytest.mark.parametrize(("selection", "level"), [(REQUIRED, 1), (EVERYWHERE, 0), (EVERYWHERE, 1)])
def test_a_pod_without_a_profile_is_refused_once(
    spec: Manifest, selection: Selection, level: int, *, refused: bool
) -> None:
    found = evaluate(pod_from({"spec": spec}), Standard(Level(level), LATEST), selection)

    assert [each.check.id for each in found] == [ID] * refused


def test_it_is_asked_beside_a_selection_of_controls() -> None:
    """Nothing selected may be lost because a namespace asks for more."""
    few = REQUIRED._replace(only=frozenset({"privileged"}))

    assert asked(BASELINE, few) == ("privileged", ID)
    assert asked(RESTRICTED, few) == ("privileged", ID)
    assert asked(RESTRICTED, few._replace(only=frozenset({"seccompProfile_restricted"}))) == (
        "seccompProfile_restricted",
    )


def test_it_is_asked_in_the_namespaces_that_are_named_or_in_all() -> None:
    wanted = Wanted(ID, Level.BASELINE, (Name("shop"), Name("till-", is_prefix=True)))

    assert selection_in("shop", None, [wanted]) == selection_in("till-2", None, [wanted]) == REQUIRED
    assert selection_in("shops", None, [wanted]) is ALL
    assert selection_in("any", None, [wanted._replace(namespaces=())]) == REQUIRED
