from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.fields_cases import Place, manifest, places
from tests.strategies.json_values import json_values
from webhook.manifests.fields import MOST, FieldError, type_errors
from webhook.policy.workload import KINDS, UnknownKind

FIELDS = list(places())
CASES = yaml.safe_load(Path(__file__).with_name("field_errors.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"][0])
def test_a_wrong_field_is_explained(case: dict[str, Any]) -> None:
    assert [str(error) for error in of_pod({"spec": case["spec"]})] == case["says"]


def test_fields_of_templates_have_the_whole_path() -> None:
    nightly = {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"hostPID": "no"}}}}}}

    (error,) = type_errors(nightly, "batch/v1", "CronJob")

    assert error.path == ("spec", "jobTemplate", "spec", "template", "spec", "hostPID")


@pytest.mark.parametrize(("api_version", "kind"), KINDS)
def test_every_kind_is_known(api_version: str, kind: str) -> None:
    least = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "creationTimestamp": None}}

    assert list(type_errors(least, api_version, kind)) == []


def test_a_time_is_held_to_its_form() -> None:
    (error,) = of_pod({"metadata": {"creationTimestamp": "yesterday"}})

    assert error.problem == 'must be a time such as "2026-01-31T12:00:00Z", is the string "yesterday"'


@pytest.mark.parametrize("value", [1, "x", []], ids=str)
def test_a_manifest_is_an_object(value: object) -> None:
    (error,) = of_pod(value)

    assert error.path == ()
    assert str(error).startswith("must be an object, is ")


@pytest.mark.parametrize("key", [("v1", "Service"), ("apps/v1beta1", "Deployment"), ("", "Pod")])
def test_other_kinds_are_refused(key: tuple[str, str]) -> None:
    with pytest.raises(UnknownKind):
        type_errors({}, *key)


def test_errors_come_as_they_are_found_and_have_an_end() -> None:
    errors = of_pod({"spec": {f"x{number}": 1 for number in range(100_000)}})

    assert len(errors) == MOST


def test_depth_does_no_harm() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [{"a": deep}]

    errors = of_pod({"metadata": {"managedFields": [{"fieldsV1": deep}]}, "spec": {"hostPID": deep}})

    assert [str(each) for each in errors] == ["spec.hostPID: must be true or false, is a list"]


@given(
    field=st.sampled_from(FIELDS),
    value=st.one_of(json_values(), st.text(), st.integers(), st.floats(), st.binary()),
)
def test_any_value_in_any_field_is_accepted_or_refused_there(field: Place, value: object) -> None:
    changed = manifest(field, value)
    before = repr(changed)

    for error in type_errors(changed, *field.kind.split()):
        assert error.path[: len(field.path)] == field.path
        assert error.problem.isprintable()

    assert repr(changed) == before


def of_pod(value: Any) -> list[FieldError]:  # noqa: ANN401 - any JSON
    return list(type_errors(value, "v1", "Pod"))
