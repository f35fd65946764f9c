"""What may be set: it is documented, nothing else is taken, and what is unsafe ends with a sentence."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.charts.helm import CHART, NAMESPACE, Manifest, helm, render
from tests.charts.matrix import FACTORS

VALUES: Manifest = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: Manifest = json.loads((CHART / "values.schema.json").read_text())
# Parts of the Kubernetes API, which the schema leaves to the API server.
FREE = {
    "global", "configuration", "affinity", "tolerations[]", "extraEnv[]", "extraVolumes[]",
    "extraVolumeMounts[]", "resources.requests", "resources.limits",
    "agent.resources.requests", "agent.resources.limits", "agent.tolerations[]",
    "certificates.controller.resources.requests", "certificates.controller.resources.limits",
}  # fmt: skip


def keys(schema: Manifest, place: str = "") -> Iterator[tuple[str, Manifest]]:
    """Every object in the schema, and where it is."""
    if schema.get("type") == "object":
        yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from keys(inner, f"{place}.{name}" if place else name)
    if "items" in schema:
        yield from keys(schema["items"], f"{place}[]")


def test_helm_lint_has_nothing_to_say() -> None:
    ran = helm("lint", "--strict", CHART)
    assert ran.status == 0, ran.out
    assert "WARNING" not in ran.out


def test_no_object_of_the_schema_takes_unknown_keys() -> None:
    loose = {place for place, schema in keys(SCHEMA) if "additionalProperties" not in schema}
    assert loose == FREE


def test_schema_and_values_have_the_same_keys() -> None:
    def compare(schema: Manifest, values: Any, place: str) -> None:  # noqa: ANN401 - values of any kind
        if "properties" not in schema or not isinstance(values, dict):
            return
        assert {*schema["properties"]} - {"global", "claims"} == {*values}, place
        for name, value in values.items():
            compare(schema["properties"][name], value, f"{place}.{name}")

    compare(SCHEMA, VALUES, "")


def test_every_group_of_values_has_a_comment() -> None:
    lines = (CHART / "values.yaml").read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[a-zA-Z]+:", line):
            block = "\n".join(lines[max(0, number - 12) : number + 8])
            assert "# --" in block, line


def test_every_switch_is_in_the_matrix() -> None:
    def switches(values: Manifest, *place: str) -> Iterator[tuple[str, ...]]:
        for key, value in values.items():
            if isinstance(value, bool):
                yield (*place, key)
            elif isinstance(value, dict):
                yield from switches(value, *place, key)

    def has(values: Any, path: tuple[str, ...]) -> bool:  # noqa: ANN401 - as above
        return not path or (isinstance(values, dict) and path[0] in values and has(values[path[0]], path[1:]))

    alternatives = [each for factor in FACTORS.values() for each in factor]
    missing = [path for path in switches(VALUES) if not any(has(each, path) for each in alternatives)]
    assert missing == []


@pytest.mark.parametrize(
    ("values", "namespace", "sentence"),
    [
        ({}, "kube-system", "Install into a namespace of its own, not into kube-system"),
        ({}, "default", "helm test asks for a refusal in namespace default, and webhooks do not guard that"),
        *(
            (values, NAMESPACE, "set tests.namespace to a guarded one, or tests.enabled to false")
            for values in (
                {"tests": {"namespace": NAMESPACE}},
                {"tests": {"namespace": "kube-system"}},
                {"webhooks": {"excludedNamespaces": ["default"]}},
            )
        ),
        (
            {"replicas": 1},
            NAMESPACE,
            "One replica with failurePolicy Fail: no pod can be made while it restarts.",
        ),
        (
            {"hostNetwork": True},
            NAMESPACE,
            "hostNetwork with the default port: 8443 of a node is often taken.",
        ),
        (
            {"certificates": {"mode": "existingSecret"}},
            NAMESPACE,
            "name the Secret in certificates.existingSecret",
        ),
        ({"certificates": {"existingSecret": "x"}}, NAMESPACE, "certificates.mode is selfSigned: set it to"),
        ({"serviceAccount": {"create": False}}, NAMESPACE, "name the account in serviceAccount.name"),
        ({"apiServerClient": {"caSecret": "x"}}, NAMESPACE, "Give apiServerClient.caSecret and"),
        (
            {"configuration": {"podSecurity": {}}},
            NAMESPACE,
            "configuration.podSecurity: the chart says that itself",
        ),
        (
            {"configuration": {"localhostProfiles": {"mode": "warn"}}},
            NAMESPACE,
            "the webhook may not read nodes: set localhostProfiles.enabled",
        ),
        (
            {"agent": {"enabled": True, "profiles": {"a.json": {}}}},
            NAMESPACE,
            "agent.profiles are put on nodes by the installer alone: set agent.installer.enabled",
        ),
        ({"agent": {"installer": {"enabled": True}}}, NAMESPACE, "needs the agents: set agent.enabled"),
        *(
            (
                {"agent": {"enabled": True, "installer": {"enabled": True}, "profiles": {path: {}}}},
                NAMESPACE,
                "is no path in the folder: write it as pods do, such as profiles/audit.json",
            )
            for path in ("/a.json", "../a.json", "a/../b.json", "a//b.json", "a/", ".hidden/a.json")
        ),
        ({"replica": 3}, NAMESPACE, "Additional property replica is not allowed"),
        (
            {"webhooks": {"failurepolicy": "Ignore"}},
            NAMESPACE,
            "Additional property failurepolicy is not allowed",
        ),
        ({"mode": "warn"}, NAMESPACE, "mode must be one of the following"),
        ({"webhooks": {"timeoutSeconds": 31}}, NAMESPACE, "Must be less than or equal to 30"),
        ({"image": {"digest": "sha256:12"}}, NAMESPACE, "Does not match pattern"),
    ],
)
def test_what_is_unsafe_or_unknown_ends_with_a_sentence(
    values: Manifest, namespace: str, sentence: str
) -> None:
    ran = render(values, namespace=namespace)
    assert ran.status == 1
    assert sentence in ran.err


def test_one_replica_is_taken_where_nothing_waits_for_it() -> None:
    assert render({"replicas": 1, "mode": "audit"}).status == 0
    assert render({"replicas": 1, "webhooks": {"failurePolicy": "Ignore"}}).status == 0


@pytest.mark.parametrize("tests", [{"namespace": "shop"}, {"enabled": False}])
def test_the_namespace_default_is_taken_where_nothing_is_tested_in_it(tests: Manifest) -> None:
    assert render({"tests": tests}, namespace="default").status == 0


def test_an_old_kubernetes_is_refused() -> None:
    ran = render({}, "--kube-version", "1.29.0")
    assert ran.status == 1
    assert "incompatible with Kubernetes v1.29.0" in ran.err


@pytest.mark.parametrize(
    ("values", "told", "untold"),
    [
        ({}, "they are refused (failurePolicy: Fail)", "WARNING"),
        ({"mode": "audit"}, "It refuses nothing (mode: audit)", "WARNING"),
        ({"mode": "audit"}, "--set mode=enforce", "failurePolicy: Fail"),
        ({"replicas": 1, "mode": "audit"}, "WARNING: there is one replica", "Fail"),
        ({"agent": {"enabled": True}}, "Namespace pod-security must not have the label", "WARNING"),
        ({}, "refused (failurePolicy: Fail)", "get nodeprofiles"),
        ({}, "delete validatingwebhookconfiguration guard-seccomp-webhook", "It refuses nothing"),
        (
            {"certificates": {"mode": "existingSecret", "existingSecret": "x", "publish": False}},
            "WARNING: nobody in this release writes the caBundle",
            "audit-only",
        ),
    ],
)
def test_the_notes_say_what_is_the_case(values: Manifest, told: str, untold: str, tmp_path: Path) -> None:
    written = notes_of(values, NAMESPACE, tmp_path)
    assert told in written
    assert untold not in written


def test_the_notes_warn_of_a_release_in_the_namespace_default(tmp_path: Path) -> None:
    written = notes_of({"tests": {"enabled": False}}, "default", tmp_path)
    assert "WARNING: this release is in namespace default, and webhooks do not guard" in written


def notes_of(values: Manifest, namespace: str, tmp_path: Path) -> str:
    """What Helm prints after it has installed *values*, on one line."""
    # Helm prints them only to who has a cluster: here they are a value of an object.
    chart = shutil.copytree(CHART, tmp_path / "chart")
    notes = chart / "templates" / "NOTES.txt"
    wrapped = (
        '{{- define "notes" }}' + notes.read_text() + '{{ end }}\nnotes: {{ include "notes" . | toJson }}\n'
    )
    (chart / "templates" / "notes.yaml").write_text(wrapped)
    notes.unlink()
    arguments = ("--namespace", namespace, "-f", "-", "--show-only", "templates/notes.yaml")
    ran = helm("template", "guard", chart, *arguments, values=yaml.safe_dump(values))
    assert ran.status == 0, ran.err
    return " ".join(yaml.safe_load(ran.out)["notes"].split())


def test_versions_agree() -> None:
    from webhook import __version__  # noqa: PLC0415 - only here

    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == __version__


def test_nothing_in_the_chart_is_made_up_anew_by_each_rendering() -> None:
    written = "".join(path.read_text() for path in Path(CHART, "templates").rglob("*") if path.is_file())
    for function in (
        "genCA",
        "genSelfSignedCert",
        "genSignedCert",
        "lookup ",
        "randAlpha",
        "uuidv4",
        "now |",
    ):
        assert function not in written
