"""What is asked of the scheduler's filters, asked of us."""

from typing import Any

from webhook.nodes.node import Node, Taint
from webhook.nodes.placement import Places, placement_of
from webhook.policy.pod import pod_from

Question = dict[str, Any]


def node_of(manifest: dict[str, Any]) -> Node:
    spec = manifest["spec"]
    return Node(
        manifest["metadata"]["name"],
        manifest["metadata"]["labels"],
        tuple(Taint(**each) for each in spec.get("taints", ())),
        unschedulable=spec.get("unschedulable", False),
    )


def eligible(question: Question) -> list[str]:
    """The names of the nodes, in their order."""
    places = Places(map(node_of, question["nodes"]))
    found = places.eligible(placement_of(pod_from(question["pod"]).spec))
    return [each["metadata"]["name"] for each in question["nodes"] if each["metadata"]["name"] in found]
