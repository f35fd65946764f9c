"""``Configuration``, our own kind of file: ``configurations.yaml``, and its schema."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import webhook.config
from tests.strategies.json_values import json_values, places, replaced
from webhook.config import DEFAULTS, ConfigurationError, Settings, settings_of, settings_of_plugin
from webhook.config.schema import schema
from webhook.mutation import STANDARD

HEAD = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration"}
CASES = yaml.safe_load(Path(__file__).with_name("configurations.yaml").read_text())


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(CASES["good"]))
def test_a_good_configuration_comes_to_what_its_case_says(case: dict[str, Any]) -> None:
    document = {**HEAD, **deepcopy(case["document"])}
    settings = settings_of(document)

    assert isinstance(settings, Settings)
    assert list(map(str, settings.defaults)) == case.get("asks", ["privileged:latest"] * 3)
    assert settings.mutation.on == set(case.get("puts_in", STANDARD.on))
    assert settings.exemptions._asdict() == {
        name: frozenset(case.get("exempt", {}).get(name, ())) for name in settings.exemptions._fields
    }
    assert document == {**HEAD, **case["document"]}


@pytest.mark.parametrize("case", named(CASES["bad"]))
def test_a_bad_configuration_is_refused_with_every_problem_and_its_field(case: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings_of({**HEAD, **case["document"]})

    problems = {each.field: str(each) for each in refused.value.problems}
    assert list(problems) == list(case["said"])
    for field, said in case["said"].items():
        assert problems[field].startswith(said)


def test_an_empty_one_is_the_same_as_none() -> None:
    assert settings_of(HEAD) == DEFAULTS


def test_it_is_no_file_for_the_plugin_to_name() -> None:
    with pytest.raises(ConfigurationError, match='no kind "Configuration" is registered'):
        settings_of_plugin(HEAD)


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(webhook.config.__file__).with_name("configuration.schema.json")
    assert json.loads(published.read_text()) == schema(), "run `make docs`"


def test_the_schema_knows_the_fields_of_every_good_configuration() -> None:
    for case in CASES["good"]:
        unknown_to(schema(), {**HEAD, **case["document"]})
    with pytest.raises(AssertionError):
        unknown_to(schema(), {**HEAD, "mutations": {}})


def unknown_to(part: dict[str, Any], value: object) -> None:
    """Fail for a field that the schema does not have; what values it allows is not looked at."""
    if isinstance(value, dict):
        free = part["additionalProperties"]
        for name, inner in value.items():
            assert name in part.get("properties", ()) or free, name
            unknown_to(part.get("properties", {}).get(name) or free, inner)
    elif isinstance(value, list):
        for item in value:
            unknown_to(part["items"], item)


RICH = {
    **HEAD,
    "podSecurity": {"defaults": {"enforce": "baseline"}, "exemptions": {"namespaces": ["a"]}},
    "mutation": {"bundle": "restricted", "switches": {"procMount": True}},
    "controls": {"only": ["privileged"], "seccompRequired": {"level": "baseline", "namespaces": ["a"]}},
    "enforceControllers": True,
    "workloads": [
        {"apiVersions": ["x.io/v1"], "kind": "Thing", "resource": "things", "templates": ["spec.jobs[*].pod"]}
    ],
    "exceptions": [
        {
            "name": "clock",
            "reason": "it sets the clock",
            "expires": "2026-12-31",
            "match": {
                "namespaces": ["shop", "till-*"],
                "workloads": [
                    {"kind": "Deployment", "name": "clock"},
                    {"group": "x", "kind": "Y", "name": "a*"},
                ],
                "labels": {"app": "clock"},
                "serviceAccounts": ["clock"],
                "containers": ["clock"],
                "images": ["registry.example/clock:4.5"],
            },
            "allow": [
                {
                    "control": "hostPorts",
                    "fields": ["spec.containers[*].ports[*].hostPort"],
                    "values": [80, True, "a"],
                }
            ],
        }
    ],
}


@given(data=st.data(), value=json_values())
def test_any_json_in_any_place_comes_to_settings_or_is_refused(data: st.DataObject, value: object) -> None:
    place = data.draw(st.sampled_from(list(places(RICH))))
    try:
        settings = settings_of(replaced(RICH, place, value))
    except ConfigurationError as error:
        assert error.problems  # noqa: PT017 - either outcome is one
    else:
        assert isinstance(settings, Settings)


def test_a_rich_configuration_is_good() -> None:
    settings = settings_of(RICH)

    assert isinstance(settings, Settings)
    assert (len(settings.exceptions.all), settings.only, settings.enforce_controllers) == (
        1,
        frozenset({"privileged"}),
        True,
    )
    unknown_to(schema(), RICH)
