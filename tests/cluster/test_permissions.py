"""The manifest of permissions grants what is asked for, and nothing else."""

from pathlib import Path

import yaml

from webhook.cluster import requests

ROLE = Path(__file__).parents[2] / "deploy" / "rbac.yaml"


def test_the_role_grants_every_request_and_no_more() -> None:
    [role] = [each for each in yaml.safe_load_all(ROLE.read_text()) if each["kind"] == "ClusterRole"]
    granted = {
        f"{verb} {resource}"
        for rule in role["rules"]
        for verb in rule["verbs"]
        for resource in rule["resources"]
    }
    asked = {
        requests.list_all(requests.NAMESPACES, "").wanted,
        requests.watch_all(requests.NAMESPACES, 1, 300).wanted,
        requests.get_namespace("shop").wanted,
        requests.list_pods("shop", "", 1).wanted,
        requests.any_pod().wanted,
    }
    assert granted == asked
    assert all(rule["apiGroups"] == [""] for rule in role["rules"])
