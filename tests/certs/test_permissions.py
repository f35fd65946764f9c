"""The shipped permissions of the controller: each object by name, and nothing that makes or removes one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parents[2] / "deploy" / "rbac-certificates.yaml"
MANIFESTS = list(yaml.safe_load_all(FILE.read_text()))
RULES = [rule for each in MANIFESTS for rule in each.get("rules", ())]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["resources"][0])
def test_every_right_is_to_named_objects_and_makes_or_removes_none(rule: dict[str, Any]) -> None:
    assert rule["resourceNames"]
    assert set(rule["verbs"]) <= {"get", "watch", "update", "patch"}
    assert "*" not in (*rule["resources"], *rule["apiGroups"], *rule["resourceNames"])


def test_what_may_not_be_made_is_brought_along() -> None:
    brought = {(each["kind"], each["metadata"]["name"]) for each in MANIFESTS}
    named = {name for rule in RULES for name in rule["resourceNames"] if rule["resources"] == ["secrets"]}

    assert {("Secret", name) for name in named} <= brought
    assert not any(each.get("data") for each in MANIFESTS)


def test_the_names_are_those_that_the_command_has_unless_told_otherwise() -> None:
    from webhook.cli.commands.certs.run import command  # noqa: PLC0415 - as commands are imported

    defaults = {option.name: option.default for option in command.params}
    named = {name for rule in RULES for name in rule["resourceNames"]}

    assert {defaults["secret"], defaults["authority_secret"], defaults["lease"]} <= named
