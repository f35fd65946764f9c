"""Kinds of somebody's own: where their pods are found, and what bounds them."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.json_values import json_values, places, replaced
from webhook.policy.path import Path, dotted
from webhook.policy.pod import MOST_PARTS, MalformedObject
from webhook.policy.template_path import MOST_NAMES, TemplatePath
from webhook.policy.workload import KINDS, UnknownKind, decode_workload, pod_of
from webhook.policy.workloads import BUILT_IN, MOST_TEMPLATES, CustomWorkload, Placed, Workloads

KEY = ("example.com/v1", "Thing")


def things(*templates: str) -> Workloads:
    paths = tuple(map(TemplatePath.parse, templates))
    return Workloads([CustomWorkload(("example.com/v1", "example.com/v2"), "Thing", "things", paths)])


def template(name: str) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name}]}}


def told(found: tuple[Placed, ...]) -> list[tuple[str, str | None]]:
    return [(dotted(place), pod.contexts[0][0].name) for place, pod in found]


@pytest.mark.parametrize(
    ("paths", "thing", "found"),
    [
        (["spec.template"], {"spec": {"template": template("a")}}, [("spec.template", "a")]),
        (["spec.template"], {"spec": {"workloadRef": {"name": "x"}}}, []),
        (["spec.template"], {"spec": None}, []),
        (
            ["spec.tasks[*].template"],
            {"spec": {"tasks": [{"template": template("a")}, None, {}, {"template": template("b")}]}},
            [("spec.tasks[0].template", "a"), ("spec.tasks[3].template", "b")],
        ),
        (
            ["spec.replicatedJobs[*].template.spec.template"],
            {"spec": {"replicatedJobs": [{"template": {"spec": {"template": template("a")}}}]}},
            [("spec.replicatedJobs[0].template.spec.template", "a")],
        ),
        (
            ["spec.replicas[*].template"],
            {"spec": {"replicas": {"W": {"template": template("w")}, "x/y": {"template": template("z")}}}},
            [("spec.replicas.W.template", "w"), ("spec.replicas[x/y].template", "z")],
        ),
        (
            ["spec.head-group.template", "spec.workers[*].template"],
            {"spec": {"workers": [{"template": template("w")}], "head-group": {"template": template("h")}}},
            [("spec[head-group].template", "h"), ("spec.workers[0].template", "w")],
        ),
        (["templates[*]"], {"templates": [template("a")]}, [("templates[0]", "a")]),
        (["a[*].b[*]"], {"a": {"x": {"b": [template("a")]}}}, [("a.x.b[0]", "a")]),
    ],
)  # fmt: skip
def test_pods_are_found_where_a_path_says(
    paths: list[str], thing: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    workloads = things(*paths)

    assert told(workloads.pods_of(*KEY, thing)) == found
    assert told(workloads.decode(*KEY, json.dumps(thing).encode())) == found


@pytest.mark.parametrize(
    "written",
    ["", ".spec", "spec.", "$.spec", "spec..template", "spec[0].template", "spec[*", "spec[*][*]", "[*].a",
     "/spec/template", "spec.*", "spec template", "a\n", ".".join("a" * (MOST_NAMES + 1))],
)  # fmt: skip
def test_what_is_no_path_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="must be the path of a pod template"):
        TemplatePath.parse(written)


@pytest.mark.parametrize(("api_version", "kind"), KINDS)
def test_built_in_kinds_are_found_as_ever(api_version: str, kind: str) -> None:
    manifest: Any = template("a")
    for step in reversed(KINDS[api_version, kind].template):
        manifest = {step: manifest}
    expected = pod_of(api_version, kind, manifest)
    for workloads in (BUILT_IN, things("spec.template")):
        [(place, pod)] = workloads.pods_of(api_version, kind, manifest)
        assert place == KINDS[api_version, kind].template
        assert expected is not None
        assert (pod.metadata, pod.spec) == (expected.metadata, expected.spec)
        assert (workloads.decode(api_version, kind, b"{}") == ()) is (
            decode_workload(api_version, kind, b"{}") is None
        )


def test_a_kind_that_nobody_added_is_unknown() -> None:
    for workloads, key in ((BUILT_IN, KEY), (things("spec.template"), ("example.com/v3", "Thing"))):
        assert not workloads.holds(*key)
        with pytest.raises(UnknownKind):
            workloads.pods_of(*key, {})
    assert things("a").versions_of("example.com", "Thing") == ("example.com/v1", "example.com/v2")
    assert things("a").versions_of("example.org", "Thing") == ()


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        (
            {"spec": {"tasks": [{}, {"template": {"spec": {"hostPID": "x"}}}]}},
            "spec.tasks[1].template.spec.hostPID",
        ),
        ({"spec": {"tasks": 5}}, "spec.tasks"),
        ({"spec": {"tasks": {"a": {"template": []}}}}, "spec.tasks[...].template"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_refused_with_its_path_from_the_top(thing: dict[str, Any], path: str) -> None:
    workloads = things("spec.tasks[*].template")
    for found in (workloads.pods_of, lambda *key: workloads.decode(*key[:2], msgspec.json.encode(key[2]))):
        with pytest.raises(MalformedObject) as refused:
            found(*KEY, thing)
        assert refused.value.path == path


def test_more_templates_or_parts_than_can_be_judged_in_time_are_refused() -> None:
    workloads = things("tasks[*]", "more[*]")
    most = [template("a")] * MOST_TEMPLATES
    assert len(workloads.pods_of(*KEY, {"tasks": most})) == MOST_TEMPLATES
    with pytest.raises(MalformedObject, match="must not have more than 256 pod templates"):
        workloads.pods_of(*KEY, {"tasks": most, "more": [template("b")]})

    large = {"spec": {"containers": [{"name": "a"}] * (MOST_PARTS // 2 + 1)}}
    assert len(workloads.pods_of(*KEY, {"tasks": [large]})) == 1
    with pytest.raises(MalformedObject, match=r"must not have more than 32,768 parts of pods"):
        workloads.pods_of(*KEY, {"tasks": [large], "more": [large]})


THING = {
    "spec": {"tasks": [{"template": template("a")}, {"template": template("b")}], "x": {"y": template("c")}}
}


@given(st.data(), json_values())
def test_any_json_in_any_place_is_found_or_refused_and_the_same_as_text(
    data: st.DataObject, value: object
) -> None:
    workloads = things("spec.tasks[*].template", "spec.x[*]")
    thing = replaced(THING, data.draw(st.sampled_from(list(places(THING)))), value)

    def outcome(found: Any) -> list[tuple[Path, Any]] | str:  # noqa: ANN401 - either way of reading
        try:
            return [(place, (pod.metadata, pod.spec)) for place, pod in found()]
        except MalformedObject as error:
            return error.path

    decoded = outcome(lambda: workloads.decode(*KEY, json.dumps(thing).encode()))
    assert outcome(lambda: workloads.pods_of(*KEY, thing)) == decoded
