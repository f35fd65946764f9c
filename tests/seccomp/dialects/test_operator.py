"""The operator's objects, as text and as what somebody else has parsed: ``operator.yaml``."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from webhook.seccomp.dialects import Dialect, read, read_operator
from webhook.seccomp.profile import Place, Unreadable

Case = dict[str, Any]

EVERY = yaml.safe_load(Path(__file__).with_name("operator.yaml").read_text())
VERSION, KIND = "security-profiles-operator.x-k8s.io/v1", "SeccompProfile"
OBJECT = f'{{"apiVersion": "{VERSION}beta1", "kind": "{KIND}", "metadata": {{}}, "spec": %s}}'


def text_of(case: Case) -> str:
    return str(case.get("object") or OBJECT % case["spec"])


def is_refused(case: Case) -> bool:
    return "problem" in case or "problem_begins" in case


def named(cases: list[Case]) -> list[Any]:
    return [pytest.param(each, id=each["name"]) for each in cases]


@pytest.mark.parametrize("case", named([each for each in EVERY if is_refused(each)]))
def test_what_the_api_server_refuses_is_refused(case: Case) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text_of(case).encode(), Dialect.OPERATOR)

    assert refused.value.problem.startswith(case.get("problem", case.get("problem_begins")))
    assert "problem_begins" in case or refused.value.problem == case["problem"]


@pytest.mark.parametrize("case", named([each for each in EVERY if not is_refused(each)]))
def test_what_the_operator_writes_is_read(case: Case) -> None:
    profile = read(text_of(case).encode(), Dialect.OPERATOR)

    remarks = [f"{each.lost} {each.place.line} {each.place.path}" for each in profile.remarks]
    assert remarks == case.get("remarks", [])
    for key, value in case.get("reads", {}).items():
        assert getattr(profile, key) == (tuple(value) if isinstance(value, list) else value)
    for rule, expected in zip(profile.rules, case.get("rules", profile.rules), strict=True):
        if isinstance(expected, dict):
            assert all(getattr(rule, key) == (tuple(value) if isinstance(value, list) else value)
                       for key, value in expected.items())  # fmt: skip


@pytest.mark.parametrize("case", named([each for each in EVERY if text_of(each) != "[1]"]))
def test_a_parsed_object_is_read_as_its_text(case: Case) -> None:
    text = text_of(case)
    try:
        expected = read(text.replace("\n", " ").encode(), Dialect.OPERATOR)
    except Unreadable as refused:
        with pytest.raises(Unreadable) as also:
            read(json.loads(text), Dialect.OPERATOR)
        assert also.value.problem == refused.problem  # noqa: PT017 - the two are compared
        return

    duplicates = [each for each in expected.remarks if each.lost == "duplicate"]
    remarks = tuple(each for each in expected.remarks if each not in duplicates)
    assert read(json.loads(text), Dialect.OPERATOR) == expected._replace(remarks=remarks)


def test_a_parsed_object_knows_the_lines_that_it_is_told() -> None:
    lines = {
        "spec.syscalls[0]": 7,
        "spec.syscalls[0].names[1]": 9,
        "spec.x": 3,
        "spec.syscalls[0].args[0]": 11,
    }
    condition = {"index": 0, "op": "SCMP_CMP_EQ"}
    rule = {"names": ["read", "write"], "action": "SCMP_ACT_LOG", "args": [condition]}
    parsed = {
        "apiVersion": VERSION,
        "kind": KIND,
        "spec": {"defaultAction": "SCMP_ACT_ERRNO", "x": None, "syscalls": [rule]},
    }

    profile = read_operator(parsed, lambda path: lines.get(path, 1))

    assert profile.rules[0].place == Place(7, "spec.syscalls[0]")
    assert profile.rules[0].name_lines == (1, 9)
    assert profile.rules[0].arguments[0].place == Place(11, "spec.syscalls[0].args[0]")
    assert profile.remarks[0].place == Place(3, "spec.x")


@pytest.mark.parametrize("value", [{1: 2}, object(), float("nan"), float("inf"), 1 << 2000, b"text", {"a"}])
def test_what_no_json_can_be_is_refused_where_it_is_looked_at(value: object) -> None:
    parsed = {"apiVersion": VERSION, "kind": KIND,
              "spec": {"defaultAction": value}}  # fmt: skip

    with pytest.raises(Unreadable):
        read(parsed, Dialect.OPERATOR)


def test_metadata_and_status_are_not_looked_at() -> None:
    parsed = {"apiVersion": VERSION, "kind": KIND, "metadata": object(),
              "status": {1: object()}, "spec": {"defaultAction": "SCMP_ACT_LOG"}}  # fmt: skip

    assert read(parsed, Dialect.OPERATOR).default_action == "SCMP_ACT_LOG"


def test_an_object_that_contains_itself_is_refused() -> None:
    spec: dict[str, Any] = {"defaultAction": "SCMP_ACT_LOG"}
    spec["x"] = spec
    parsed = {"apiVersion": VERSION, "kind": KIND, "spec": spec}

    with pytest.raises(Unreadable, match="too deep"):
        read(parsed, Dialect.OPERATOR)
