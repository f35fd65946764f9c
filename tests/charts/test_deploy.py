"""The plain manifests: those of the chart, and with the rights that are documented."""

import pytest
import yaml

from tests.charts.helm import Manifest, objects
from tools.manifests import FILES, NAME, PLACE, manifests


@pytest.mark.parametrize("file", FILES)
def test_they_are_what_the_chart_renders(file: str) -> None:
    assert (PLACE / file).read_text() == manifests(file), "run: make manifests"


@pytest.mark.parametrize("file", FILES)
def test_nothing_in_them_is_helm_s(file: str) -> None:
    text = (PLACE / file).read_text()
    assert "helm" not in text.replace("charts/seccomp-webhook", "").lower()


@pytest.mark.parametrize("file", FILES)
def test_the_controller_keeps_the_bundle_of_every_registration_in_them(file: str) -> None:
    found = objects((PLACE / file).read_text())
    arguments = {
        argument
        for each in found
        if each["kind"] == "Deployment"
        for container in each["spec"]["template"]["spec"]["containers"]
        for argument in container.get("args", [])
    }
    names = {
        (each["kind"].removesuffix("WebhookConfiguration").lower(), each["metadata"]["name"])
        for each in found
        if each["kind"].endswith("WebhookConfiguration")
    }
    kept = {(kind, name) for kind, name in names if f"--{kind}={name}" in arguments}
    assert kept == names
    assert {kind for kind, _ in names} == (
        {"validating", "mutating"} if "mutation.enabled=true" in str(FILES[file]) else {"validating"}
    )


@pytest.mark.parametrize(
    ("file", "renamed"),
    [
        ("rbac.yaml", {}),
        (
            "rbac-certificates.yaml",
            {"seccomp-webhook-tls": f"{NAME}-serving", "pod-security-webhook.kubernetes.io": NAME},
        ),
    ],
)
def test_the_rights_are_those_that_are_documented(file: str, renamed: dict[str, str]) -> None:
    def rights(found: list[Manifest]) -> dict[tuple[str, str], list[Manifest]]:
        roles = [each for each in found if each["kind"] in {"Role", "ClusterRole"}]
        return {(each["kind"], each["metadata"]["name"]): each["rules"] for each in roles}

    made = rights(objects((PLACE / "seccomp-webhook.yaml").read_text()))
    documented = rights(objects((PLACE / file).read_text()))
    assert documented
    for role, rules in documented.items():
        wanted = yaml.safe_dump(rules)
        for before, after in renamed.items():
            wanted = wanted.replace(before, after)
        # Of mutating configurations there are none, unless that is asked for.
        expected = [
            rule
            for rule in yaml.safe_load(wanted)
            if "mutatingwebhookconfigurations" not in rule["resources"]
        ]
        assert made[role] == expected
