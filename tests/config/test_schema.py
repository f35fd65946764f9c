"""The published schema allows what the reader allows: no value passes one and not the other."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.config.test_configuration import CASES, HEAD, RICH
from tests.strategies.json_values import json_values, places, replaced
from webhook.config import ConfigurationError, settings_of
from webhook.config.schema import schema

SCHEMA = schema()
FORMATS = jsonschema.FormatChecker()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=FORMATS)
CHOOSING = ("enum", "const", "pattern", "minLength", "maxLength", "type")

# A configuration in which no part depends on another, so that single values can be changed.
PLAIN: dict[str, Any] = {
    **HEAD,
    "podSecurity": {
        "defaults": {
            f"{mode}{what}": text
            for mode in ("enforce", "audit", "warn")
            for what, text in (("", "baseline"), ("-version", "v1.30"))
        },
        "exemptions": {"usernames": ["u"], "namespaces": ["n"], "runtimeClasses": ["r.x"]},
    },
    "mutation": {"bundle": "restricted", "switches": {"procMount": True}},
    "controls": {"only": ["privileged"], "seccompRequired": {"level": "baseline", "namespaces": ["a"]}},
    "enforceControllers": True,
    "localhostProfiles": {
        "mode": "warn",
        "nodes": "any",
        "namespaces": [{"names": ["kube-*"], "mode": "off"}],
        "addNodeAffinity": True,
        "seccompFolder": "/data/kubelet/seccomp",
    },
    "workloads": [
        {"apiVersions": ["x.io/v1"], "kind": "Thing", "resource": "things", "templates": ["spec.template"]}
    ],
    "exceptions": [
        {
            "name": "clock",
            "reason": "it sets the clock",
            "expires": "2026-12-31",
            "match": {
                "namespaces": ["shop", "till-*"],
                "workloads": [{"group": "x", "kind": "Deployment", "name": "a*"}],
                "labels": {"app": "clock"},
                "serviceAccounts": ["clock"],
            },
            "allow": [{"control": "hostPorts", "values": [80, True, "a"]}],
        },
        {
            "name": "of-containers",
            "reason": "it sets the clock",
            "expires": "2026-12-31",
            "match": {"namespaces": ["shop"], "containers": ["clock"], "images": ["r.example/clock:4.5"]},
            "allow": [{"control": "privileged"}],
        },
    ],
}
# Which controls can be named there depends on the match beside it.
DEPENDING = {("exceptions", 1, "allow", 0, "control")}
Place = tuple[str | int, ...]


def rule_at(place: Place) -> dict[str, Any]:
    """The part of the schema for the value there."""
    part = SCHEMA
    for step in place:
        if isinstance(step, int):
            part = part["items"]
        else:
            part = (
                part["properties"][step]
                if step in part.get("properties", {})
                else part["additionalProperties"]
            )
    return part


def leaves() -> Iterator[Place]:
    for place in places(PLAIN):
        value: Any = PLAIN
        for step in place:
            value = value[step]
        if not isinstance(value, dict | list) and place not in DEPENDING:
            yield place


LEAVES = list(leaves())


def is_read(document: dict[str, Any]) -> bool:
    try:
        settings_of(deepcopy(document))
    except ConfigurationError:
        return False
    return True


@st.composite
def values_for(draw: st.DrawFn, rule: dict[str, Any]) -> object:
    """Values that the rule allows, others that nearly do, and anything else."""
    allowed = [st.sampled_from(rule["enum"])] if "enum" in rule else []
    allowed += [st.just(rule["const"])] if "const" in rule else []
    allowed += [st.from_regex(rule["pattern"])] if "pattern" in rule else []
    value = draw(
        st.one_of(*allowed, json_values(), st.dates().map(str), st.text("aA0-.*/:@v1 \\[]", max_size=9))
    )
    if isinstance(value, str) and draw(st.booleans()):
        at = draw(st.integers(0, len(value)))
        value = value[:at] + draw(st.sampled_from("aZ0.*-/:@ ~")) + value[at + draw(st.integers(0, 1)) :]
    return value


def test_the_plain_configuration_is_good_for_both() -> None:
    for document in (PLAIN, RICH, *({**HEAD, **case["document"]} for case in CASES["good"])):
        assert is_read(document)
        VALIDATOR.validate(document)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("place", LEAVES, ids=lambda place: ".".join(map(str, place)))
@settings(max_examples=40)
@given(data=st.data())
def test_of_each_value_reader_and_schema_say_the_same(place: Place, data: st.DataObject) -> None:
    rule = rule_at(place)
    value = data.draw(values_for(rule))
    # To a schema 1.0 is a whole number; and Python's "$" lets a line end after it, which others do not.
    assume(not isinstance(value, float) and not (isinstance(value, str) and value.endswith("\n")))
    # All else is good, so that what this part of the schema says is what all of it says.
    part = jsonschema.Draft202012Validator(rule, format_checker=FORMATS)

    assert part.is_valid(value) is is_read(replaced(PLAIN, place, value)), value


@pytest.mark.parametrize("place", LEAVES, ids=lambda place: ".".join(map(str, place)))
def test_of_each_value_some_are_allowed_and_some_are_not(place: Place) -> None:
    assert any(each in rule_at(place) for each in CHOOSING)
    assert not is_read(replaced(PLAIN, place, {"no": ["thing"]}))
    assert is_read(PLAIN)


@given(data=st.data(), value=json_values())
def test_what_is_read_is_allowed_by_the_schema(data: st.DataObject, value: object) -> None:
    document = replaced(RICH, data.draw(st.sampled_from(list(places(RICH)))), value)

    assert VALIDATOR.is_valid(document) or not is_read(document), value


@pytest.mark.parametrize("case", CASES["bad"], ids=[case["name"] for case in CASES["bad"]])
def test_what_the_schema_cannot_say_is_known(case: dict[str, Any]) -> None:
    """What depends on more than one value: only these may pass the schema and be refused when read."""
    beyond = {
        "two exceptions of one name",
        "two entries for one kind",
        "a workload that is built in, in whichever version",
    }
    assert VALIDATOR.is_valid({**HEAD, **case["document"]}) is (case["name"] in beyond)
