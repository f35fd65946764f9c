"""The manifests of permissions grant what is asked for, and nothing else."""

from pathlib import Path

import yaml

from webhook.cluster import requests
from webhook.cluster.inventory import followed_kinds
from webhook.nodes.inventory import Inventory

DEPLOY = Path(__file__).parents[2] / "deploy"


def granted(manifest: str) -> set[str]:
    """What the webhook may do, as in ``list nodeprofiles.seccomp-webhook.io``."""
    [role] = [
        each
        for each in yaml.safe_load_all((DEPLOY / manifest).read_text())
        if (each["kind"], each["metadata"]["name"]) == ("ClusterRole", "seccomp-webhook")
    ]
    return {
        f"{verb} {resource}{f'.{group}' if group else ''}"
        for rule in role["rules"]
        for verb in rule["verbs"]
        for resource in rule["resources"]
        for group in rule["apiGroups"]
    }


def asked() -> set[str]:
    """What is asked of namespaces and pods."""
    return {
        requests.list_all(requests.NAMESPACES, "").wanted,
        requests.watch_all(requests.NAMESPACES, 1, 300).wanted,
        requests.get_namespace("shop").wanted,
        requests.list_pods("shop", "", 1).wanted,
        requests.any_pod().wanted,
    }


def asked_of_nodes() -> set[str]:
    """What is asked besides where a configuration asks for anything of profiles of nodes."""
    return {
        request.wanted
        for kind in followed_kinds(Inventory().holding)
        for collection in kind.collections
        for request in (requests.list_all(collection, ""), requests.watch_all(collection, 1, 300))
    }


def test_the_role_grants_every_request_and_no_more() -> None:
    assert granted("rbac.yaml") == asked()


def test_with_agents_the_role_grants_what_is_asked_of_nodes_and_no_more() -> None:
    assert granted("seccomp-webhook-agents.yaml") == asked() | asked_of_nodes()
