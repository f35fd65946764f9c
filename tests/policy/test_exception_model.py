"""What exceptions let pass, against a model of them: no more, no less, and under the name of the smallest."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.policy.excepting import TODAY
from tests.policy.exception_model import Written, matching, some_exceptions, some_pod
from tests.strategies.pods import Manifest
from webhook.config import Settings, settings_of
from webhook.policy.check import Violation
from webhook.policy.core_v1 import Container, Volume
from webhook.policy.engine import evaluate
from webhook.policy.path import dotted
from webhook.policy.pod import pod_from
from webhook.policy.relief import Exceptions, Subject, relieved
from webhook.policy.selection import ALL, Selection
from webhook.policy.standard import LATEST, Level, Standard

ROUNDS = 1500
ASKED = (
    (Standard(Level.BASELINE, LATEST), ALL),
    (Standard(Level.RESTRICTED, LATEST), ALL),
    (Standard(Level.BASELINE, LATEST), Selection(extra=frozenset({("seccompRequired", Level.BASELINE)}))),
)


def read(written: list[Written]) -> Exceptions:
    settings = settings_of(
        {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration", "exceptions": written}
    )
    assert isinstance(settings, Settings)
    return settings.exceptions


def told(control: str, violation: Violation) -> Written:
    """A violation as the model looks at it."""
    node, value = violation.node, violation.value
    field = dotted(tuple("*" if isinstance(step, int) else step for step in violation.field))
    if isinstance(node, Volume) and field == "hostPath":
        value = node.host_path.path if node.host_path else value
    container = {"name": node.name, "image": node.image} if isinstance(node, Container) else None
    above = "spec.containers[*]." if container else "spec.volumes[*]." if node else ""
    return {"control": control, "field": above + field, "value": value, "container": container}


def agrees(random: Random) -> int:
    """Compare with the model once; how many violations were let pass."""
    written, manifest = some_exceptions(random), some_pod(random)
    return agrees_on(written, manifest, random.choice(("shop", "shops", "s", "till")), random.choice(ASKED))


def agrees_on(written: list[Written], manifest: Manifest, namespace: str, asked: Any) -> int:  # noqa: ANN401 - a pair
    pod, exceptions = pod_from(manifest), read(written)
    findings = evaluate(pod, *asked)
    left: list[tuple[str, Violation]] = []
    uses: set[tuple[str, str]] = set()
    passed = 0
    for finding in findings:
        for violation in finding.violations:
            names = matching(written, manifest, namespace, told(finding.check.id, violation))
            if names:
                uses.add((names[0], finding.check.id))
                passed += 1
            else:
                left.append((finding.check.id, violation))
    found = relieved(findings, Subject.of_pod(pod, namespace), exceptions, TODAY)
    assert [(each.check.id, violation) for each in found.findings for violation in each.violations] == left
    assert set(found.uses) == uses
    assert len(found.uses) == len(uses)
    return passed


def test_in_many_namespaces_with_many_exceptions_the_model_is_right() -> None:
    random = Random(5)  # noqa: S311 - the same ones each time
    passed = sum(agrees(random) for _ in range(ROUNDS))
    assert passed > ROUNDS / 2, "or nothing was tried"


@given(st.randoms(use_true_random=False))
def test_the_model_is_right_about_any_exceptions_and_pod(random: Random) -> None:
    agrees(random)


def test_the_model_is_right_where_there_are_hundreds_that_nearly_match() -> None:
    random = Random(6)  # noqa: S311 - as above
    for _ in range(20):
        written = [
            {**each, "name": f"n{number}-{each['name']}"}
            for number in range(40)
            for each in some_exceptions(random, 8)
        ]
        for _ in range(5):
            agrees_on(written, some_pod(random), "shop", random.choice(ASKED))
