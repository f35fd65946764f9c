"""Our answers to requests, and what they count, are those of the reference library."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given

from tests.conformance.answers import ours
from tests.conformance.differences import (
    DIFFERENCES,
    Difference,
    case_of,
    in_short,
    without_differences_of_words,
)
from tests.conformance.programs import Conversation
from tests.conformance.records import read
from tests.strategies.reviews import CONTROLLERS, IGNORED_SUBRESOURCES, OTHER_SUBRESOURCES, Case, case, cases

CASES = int(os.environ.get("CONFORMANCE_REQUESTS", "4000"))
BATCH = 500


def test_generated_requests_get_the_same_answer(
    admission_library: Conversation, announce: Callable[[str], None]
) -> None:
    random = Random(os.environ.get("CONFORMANCE_SEED", "requests"))  # noqa: S311 - repeatable, not secret

    agree(admission_library, (case(random) for _ in range(CASES)))

    announce(f"{CASES} requests: all answers equal")


@given(asked=cases())
def test_any_request_gets_the_same_answer(admission_library: Conversation, asked: Case) -> None:
    agree(admission_library, [asked])


def test_every_combination_of_labels_gets_the_same_answer(admission_library: Conversation) -> None:
    levels = (None, "privileged", "baseline", "restricted", "strict")
    versions = (None, "latest", "v1.24", "24")
    keys = [f"pod-security.kubernetes.io/{mode}{part}" for part in ("", "-version") for mode in MODES]

    def combinations() -> Iterator[Case]:
        for values in product(*(levels,) * 3, *(versions,) * 3):
            labels = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
            yield asking(bare_pod_request(), labels)

    agree(admission_library, combinations())


@pytest.mark.parametrize("subresource", ["", *IGNORED_SUBRESOURCES, *OTHER_SUBRESOURCES, "scale", "finalize"])
def test_every_subresource_gets_the_same_answer(admission_library: Conversation, subresource: str) -> None:
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in MODES}
    resources = [("", "Pod", "pods", ()), ("", "Namespace", "namespaces", ()), *CONTROLLERS]

    def requests() -> Iterator[Case]:
        for (group, kind, resource, place), operation in product(resources, ("CREATE", "UPDATE")):
            written: Any = {"spec": {"containers": [{"name": "a"}]}}
            for step in reversed(place):
                written = {step: written}
            yield asking(
                {
                    "uid": "u",
                    "kind": {"group": group, "version": "v1", "kind": kind},
                    "resource": {"group": group, "version": "v1", "resource": resource},
                    "requestSubResource": subresource,
                    "namespace": "shop",
                    "operation": operation,
                    "object": written,
                    "oldObject": {"metadata": {"name": "shop"}},
                },
                labels,
            )

    agree(admission_library, requests())


def test_a_crowded_namespace_gets_the_same_warnings(admission_library: Conversation) -> None:
    def existing(number: int) -> dict[str, Any]:
        controller = (True, True, False, None)[number % 4]
        owner = {"kind": "ReplicaSet", "name": "r", "uid": str(number % 7), "controller": controller}
        is_replica = number % 3 == 0
        return {
            "metadata": {"name": f"p{number}", "ownerReferences": [owner] if is_replica else []},
            "spec": {"hostPID": number % 4 == 2, "hostNetwork": number % 5 == 0},
        }

    labels = {"pod-security.kubernetes.io/enforce": "baseline"}
    request = namespace_request("UPDATE", labels)
    crowds = [[existing(number) for number in range(count)] for count in (2999, 3000, 3001, 3300)]

    agree(
        admission_library,
        [
            {**asking(request, labels), "namespaces": {"shop": {"labels": labels, "pods": pods}}}
            for pods in crowds
        ],
    )


@pytest.mark.parametrize("kind", ["initContainers", "containers", "ephemeralContainers"])
def test_every_small_update_of_a_pod_gets_the_same_answer(admission_library: Conversation, kind: str) -> None:
    some = [{"name": name, "image": image} for name, image in product("ab", "xy")]
    lists = [list(chosen) for count in range(3) for chosen in product(some, repeat=count)]

    def updates() -> Iterator[Case]:
        for old, new in product(lists, repeat=2):
            request = {
                **bare_pod_request(),
                "operation": "UPDATE",
                "object": {"spec": {kind: new, "hostPID": True}},
                "oldObject": {"spec": {kind: old}},
            }
            yield asking(request, {"pod-security.kubernetes.io/enforce": "baseline"})

    agree(admission_library, updates())


def test_every_exempt_namespace_gets_the_same_warning(admission_library: Conversation) -> None:
    levels = (None, "privileged", "baseline")
    defaults: tuple[dict[str, str], ...] = (
        {},
        {"enforce": "baseline"},
        dict.fromkeys(MODES, "baseline"),
        {"audit": "restricted", "audit-version": "v1.24"},
    )

    def namespaces() -> Iterator[Case]:
        for *chosen, version, default, operation in product(
            *(levels,) * 3, (None, "v1.24"), defaults, ("CREATE", "UPDATE")
        ):
            asked_for = dict(
                zip((*MODES, "enforce-version", "audit-version"), (*chosen, version, version), strict=True)
            )
            labels = {f"pod-security.kubernetes.io/{key}": text for key, text in asked_for.items() if text}
            configuration = {
                "apiVersion": "pod-security.admission.config.k8s.io/v1",
                "kind": "PodSecurityConfiguration",
                "defaults": default,
                "exemptions": {"namespaces": ["shop"]},
            }
            yield {**asking(namespace_request(operation, labels), {}), "configuration": configuration}

    agree(admission_library, namespaces())


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_a_deliberate_difference_is_what_we_say_it_is(difference: Difference) -> None:
    assert in_short(ours(case_of(difference))) == difference.ours


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_a_deliberate_difference_is_still_one(
    admission_library: Conversation, difference: Difference
) -> None:
    (theirs,) = admission_library.ask([case_of(difference)])

    assert in_short(theirs) == difference.theirs


def test_our_answers_are_those_on_record() -> None:
    for record in read("requests"):
        assert without_differences_of_words(ours(record["case"])) == record["answer"], record["case"]


def test_the_records_are_what_the_library_says(admission_library: Conversation) -> None:
    records = read("requests")

    answers = admission_library.ask([each["case"] for each in records])

    for record, answer in zip(records, answers, strict=True):
        said = without_differences_of_words(answer)

        assert said == record["answer"], "python -m tests.conformance.records asks anew"


MODES = ("enforce", "audit", "warn")


def agree(library: Conversation, asked: Iterable[Case]) -> None:
    """Ask both about all cases."""
    remaining = iter(asked)
    while batch := list(islice(remaining, BATCH)):
        for each, answer in zip(batch, library.ask(batch), strict=True):
            mine, theirs = (without_differences_of_words(said) for said in (ours(each), answer))

            assert mine == theirs, msgspec.json.encode(each).decode()


def asking(request: dict[str, Any], labels: dict[str, str]) -> Case:
    """A case with one namespace."""
    return {"configuration": None, "namespaces": {"shop": {"labels": labels}}, "request": request}


def bare_pod_request() -> dict[str, Any]:
    return {
        "uid": "u",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "shop",
        "operation": "CREATE",
        "object": {"spec": {"containers": [{"name": "a"}]}},
    }


def namespace_request(operation: str, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "uid": "u",
        "kind": {"group": "", "version": "v1", "kind": "Namespace"},
        "resource": {"group": "", "version": "v1", "resource": "namespaces"},
        "name": "shop",
        "namespace": "shop",
        "operation": operation,
        "object": {"metadata": {"name": "shop", "labels": labels}},
        "oldObject": {"metadata": {"name": "shop"}},
    }
