"""The manifests in deploy/ agree with each other."""

from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"


def documents() -> list[dict[str, Any]]:
    return [
        each
        for file in sorted(DEPLOY.glob("*.yaml"))
        for each in yaml.safe_load_all(file.read_text())
        if each is not None
    ]


def test_the_controller_of_certificates_may_write_into_the_registrations_that_are_there() -> None:
    kinds = {"mutatingwebhookconfigurations": "MutatingWebhookConfiguration"}
    registered = {(each["kind"], each["metadata"]["name"]) for each in documents()}
    permitted = {
        (kinds[resource], name)
        for each in documents()
        for rule in each.get("rules", ())
        if isinstance(rule, dict) and "patch" in rule.get("verbs", ())
        for resource in rule["resources"]
        if resource in kinds
        for name in rule["resourceNames"]
    }

    assert permitted
    assert permitted <= registered
