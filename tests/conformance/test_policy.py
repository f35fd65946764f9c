"""Our verdicts and words are those of the reference library, byte for byte."""

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import islice, product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given

from tests.conformance.programs import Conversation
from tests.conformance.records import pod_case, pod_record, read
from tests.conformance.verdicts import ours, question
from tests.strategies.fields import CONTAINER_FIELDS, POD_FIELDS, Field
from tests.strategies.pods import RELAXATIONS, Manifest, good_container, one_fault_each, pod, pods, put
from tests.strategies.standards import STANDARDS, TURNING_STANDARDS, standards
from webhook.policy.checks import CHECKS
from webhook.policy.path import Path
from webhook.policy.standard import LATEST, Level, Standard

Case = tuple[Any, Sequence[Standard]]

PODS = int(os.environ.get("CONFORMANCE_PODS", "4000"))
BATCH = 500
EVERYWHERE = STANDARDS if "CONFORMANCE_PODS" in os.environ else TURNING_STANDARDS
RESTRICTED = Standard(Level.RESTRICTED, LATEST)
PLACES = (("containers", 0), ("containers", 1), ("initContainers", 0), ("ephemeralContainers", 0))
FIELDS_OF_CONTAINERS = [
    each._replace(path=("spec", "ephemeralContainers", 0, *each.path)) for each in CONTAINER_FIELDS
]
VALUES_OF_ALL_TYPES: tuple[Any, ...] = (
    True,
    0,
    1.5,
    2**63,
    -(2**63),
    "",
    "x",
    [],
    ["x"],
    [[]],
    [{}],
    {},
    {"x": 1},
    {"x": "y"},
)


def test_generated_pods_get_the_same_verdict(
    policy_library: Conversation, announce: Callable[[str], None]
) -> None:
    random = Random(os.environ.get("CONFORMANCE_SEED", "pods"))  # noqa: S311 - repeatable, not secret
    cases = ((pod(random), random.sample(STANDARDS, 4)) for _ in range(PODS))

    controls = agree(policy_library, cases)

    assert controls == {check.id for check in CHECKS}
    announce(f"{PODS} pods, {4 * PODS} verdicts: all equal")


@given(manifest=pods(), standard=standards())
def test_any_pod_gets_the_same_verdict(
    policy_library: Conversation, manifest: Manifest, standard: Standard
) -> None:
    agree(policy_library, [(manifest, [standard])])


@pytest.mark.parametrize("field", CONTAINER_FIELDS, ids=str)
def test_every_value_in_every_container_gets_the_same_verdict(
    policy_library: Conversation, field: Field
) -> None:
    agree(
        policy_library,
        (
            (changed(base, ("spec", *place, *path), value), EVERYWHERE)
            for base in (good_pod(), bare_pod())
            for place in PLACES
            for path, value in changes(field)
        ),
    )


@pytest.mark.parametrize("field", POD_FIELDS, ids=str)
def test_every_value_in_the_pod_gets_the_same_verdict(policy_library: Conversation, field: Field) -> None:
    agree(
        policy_library,
        (
            (changed(base, path, value), EVERYWHERE)
            for base in (good_pod(), bare_pod())
            for path, value in changes(field)
        ),
    )


@pytest.mark.parametrize("relaxed", [{}, *RELAXATIONS], ids=str)
@pytest.mark.parametrize(
    ("field", "values"),
    [
        (("seccompProfile", "type"), ("RuntimeDefault", "Unconfined", "", None)),
        (("seccompProfile",), (None, {})),
        (("runAsNonRoot",), (True, False, None)),
        (("runAsUser",), (1, 0, None)),
        (("appArmorProfile", "type"), ("Localhost", "Unconfined", "", None)),
    ],
    ids=str,
)
def test_what_containers_inherit_gets_the_same_verdict(
    policy_library: Conversation, relaxed: Manifest, field: Path, values: tuple[object, ...]
) -> None:
    holders = (("spec",), *(("spec", *place) for place in PLACES))

    def combinations() -> Iterator[Case]:
        for chosen in product((*values, ...), repeat=len(holders) - 1):
            manifest = bare_pod()
            manifest["spec"] |= relaxed
            for holder, value in zip(holders, chosen, strict=False):
                if value is not ...:
                    put(manifest, (*holder, "securityContext", *field), deepcopy(value))
            yield manifest, (RESTRICTED, Standard(Level.BASELINE, LATEST))

    agree(policy_library, combinations())


@pytest.mark.skipif(
    unicodedata.unidata_version > "15.0.0", reason="this Python knows characters that Go does not know yet"
)
def test_all_of_unicode_is_quoted_alike(policy_library: Conversation) -> None:
    def annotated() -> Iterator[Case]:
        characters = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
        # A character newer than this Python is escaped: the words differ from Go's, the verdict does not.
        known = (each for each in characters if unicodedata.category(each) != "Cn")
        while text := "".join(islice(known, 512)):
            annotations = {"container.apparmor.security.beta.kubernetes.io/a": text}
            yield {"metadata": {"annotations": annotations}}, [RESTRICTED]

    agree(policy_library, annotated())


@pytest.mark.parametrize("field", [*POD_FIELDS, *FIELDS_OF_CONTAINERS], ids=str)
def test_wrong_types_are_refused_alike(policy_library: Conversation, field: Field) -> None:
    places = [field.path[:length] for length in range(1, len(field.path) + 1)]
    wrong = [changed(good_pod(), place, value) for place in places for value in VALUES_OF_ALL_TYPES]

    answers = policy_library.ask([question(each, [RESTRICTED]) for each in wrong])

    for manifest, answer in zip(wrong, answers, strict=True):
        assert ("error" in ours(manifest, [RESTRICTED])) == ("error" in answer), (manifest, answer)


@pytest.mark.parametrize("relaxed", RELAXATIONS, ids=str)
def test_relaxed_pods_get_the_same_verdict(policy_library: Conversation, relaxed: Manifest) -> None:
    pods_with_faults = [bare_pod(), *one_fault_each()]

    agree(
        policy_library, (({**each, "spec": each["spec"] | relaxed}, STANDARDS) for each in pods_with_faults)
    )


def test_our_verdicts_are_those_on_record() -> None:
    for record in read("pods"):
        manifest = record["pod"]

        assert pod_record(manifest, ours(*pod_case(manifest))) == record


def test_the_records_find_every_control() -> None:
    verdicts = [
        found for each in read("pods") for found in (*each["baseline"].values(), *each["restricted"].values())
    ]

    assert {control for found in verdicts for control, _, _ in found} == {check.id for check in CHECKS}


def test_the_records_are_what_the_library_says(policy_library: Conversation) -> None:
    records = read("pods")

    answers = policy_library.ask([question(*pod_case(each["pod"])) for each in records])

    for record, answer in zip(records, answers, strict=True):
        assert pod_record(record["pod"], answer) == record, "python -m tests.conformance.records asks anew"


def agree(library: Conversation, cases: Iterable[Case]) -> set[str]:
    """Ask both about all *cases*; the controls that anything failed."""
    remaining = iter(cases)
    controls: set[str] = set()
    while batch := list(islice(remaining, BATCH)):
        theirs = library.ask([question(*case) for case in batch])
        for (manifest, asked), answer in zip(batch, theirs, strict=True):
            mine = ours(manifest, asked)
            assert mine == answer, first_difference(manifest, asked, mine, answer)
            controls.update(
                found["control"] for verdict in answer["verdicts"] for found in verdict["findings"]
            )
    return controls


def first_difference(manifest: Any, asked: Sequence[Standard], mine: Any, answer: Any) -> str:  # noqa: ANN401 - JSON
    """What to look at when the two disagree."""
    for standard, own, other in zip(
        asked, mine.get("verdicts", ()), answer.get("verdicts", ()), strict=False
    ):
        if own != other:
            return f"at {standard} of {msgspec.json.encode(manifest).decode()}:\nours   {own}\ntheirs {other}"
    return f"{msgspec.json.encode(manifest).decode()}:\nours   {mine}\ntheirs {answer}"


def good_pod() -> Manifest:
    """A pod that passes everything, with containers of every kind."""
    manifest: Manifest = {"metadata": {"annotations": {}}, "spec": {"securityContext": {}}}
    for kind, index in PLACES:
        manifest["spec"].setdefault(kind, []).append(good_container("abc"[index]))
    return manifest


def bare_pod() -> Manifest:
    """A pod that says nothing, with containers of every kind."""
    manifest: Manifest = {"spec": {}}
    for kind, index in PLACES:
        manifest["spec"].setdefault(kind, []).append({"name": kind[:1] + "ab"[index]})
    return manifest


def changes(field: Field) -> Iterator[tuple[Path, object]]:
    """Every gap and value of *field*; of a list, every item and every pair of some."""
    yield from field.gaps()
    if field.is_list:
        items = (*field.good, *field.bad)
        yield from ((field.path, [item]) for item in items)
        yield from ((field.path, [field.good[0], item, field.bad[0]]) for item in items)
    else:
        yield from ((field.path, value) for value in (*field.good, *field.bad))


def changed(manifest: Manifest, path: Path, value: object) -> Manifest:
    """The *manifest* with another value at *path*."""
    copy = deepcopy(manifest)
    put(copy, path, deepcopy(value))
    return copy
