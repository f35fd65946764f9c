"""Every control against its cases: ``cases/<id of the control>.yaml``."""

from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path
from typing import Any

import pytest
import yaml

from webhook.policy import message
from webhook.policy.check import Check, Finding
from webhook.policy.checks import CHECKS
from webhook.policy.path import dotted
from webhook.policy.pod import pod_from
from webhook.policy.reference import render
from webhook.policy.standard import Level, Version

CASES = Path(__file__).parent / "cases"
BY_ID = {check.id: check for check in CHECKS}


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text()):
            yield pytest.param(BY_ID[file.stem], case, id=f"{file.stem}: {case['name']}")


@pytest.mark.parametrize(("check", "case"), tuple(cases()))
def test_a_control_finds_what_its_case_says(check: Check, case: dict[str, Any]) -> None:
    pod = pod_from(case["pod"])
    revision = check.at(Version.parse(case.get("version", "latest")))
    found = tuple(revision.violations(pod)) if revision else ()

    assert [dotted(each.path(pod)) for each in found] == case.get("paths", [])
    if found:
        finding = Finding(check, found)
        assert message.detail(finding) == case["detail"]
        assert message.reason(finding) == case.get("reason", check.reason)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_control_has_cases_that_fail_and_that_pass(check: Check) -> None:
    told = yaml.safe_load((CASES / f"{check.id}.yaml").read_text())

    assert any("paths" in case for case in told)
    assert any("paths" not in case for case in told)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_control_says_what_it_is_about(check: Check) -> None:
    assert check.about.count("\n") == 0
    assert check.fields
    assert all(check.fields.values())
    assert all(rule.words and rule.must for rule in check.rules)
    assert all(getdoc(revision.violations) for revision in check.revisions)


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(CHECKS)


def test_the_order_is_that_of_messages() -> None:
    keys = [(check.level, check.id) for check in CHECKS]

    assert keys == sorted(keys)
    assert not any(check.level is Level.PRIVILEGED for check in CHECKS)


def test_only_controls_of_baseline_are_overridden_and_only_by_restricted() -> None:
    for check in CHECKS:
        assert not check.overrides or check.level is Level.RESTRICTED
        assert all(BY_ID[name].level is Level.BASELINE for name in check.overrides)


def test_revisions_are_in_order() -> None:
    for check in CHECKS:
        versions = [revision.since for revision in check.revisions]
        assert versions == sorted(set(versions))


def test_the_table_of_controls_is_fresh() -> None:
    table = Path(__file__).parents[2] / "webhook" / "policy" / "checks" / "README.md"

    assert table.read_text() == render(), "run `make docs`"
