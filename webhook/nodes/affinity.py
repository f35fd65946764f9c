"""Node affinity that keeps a new pod to the nodes that have the profiles it uses.

Nodes say so by labels (``webhook.nodes.label_names``), where their agents put them. All that is done is to
add: what a pod asks of its nodes stays, and one requirement for each profile comes to it.
Source: Kubernetes documentation, "Assigning Pods to Nodes".
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from webhook.nodes.asked import SECCOMP, asked
from webhook.nodes.inventory import Snapshot
from webhook.nodes.label_names import label_name
from webhook.nodes.placement import placement_of
from webhook.policy.core_v1 import NodeSelector, NodeSelectorRequirement
from webhook.policy.path import Path
from webhook.policy.pod import Pod

MOST: Final = 8
"""Profiles that a pod is kept to at most: the requirements go to each of its terms."""

MOST_ADDED: Final = 1024
"""Requirements that are added to a pod at most: nobody needs more, and each takes room in the answer."""

_REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
_AFFINITY: Final = ("spec", "affinity")
_END: Final = "-"


class Addition(NamedTuple):
    """A value that is added at a place: where nothing is, or at the end of a list (``-``)."""

    path: Path
    value: Any


def additions(pod: Pod, snapshot: Snapshot) -> tuple[Addition, ...]:
    """What to add to a new *pod*, or nothing.

    A profile that none of the nodes it may be scheduled to has a label for is left out: the pod would run
    nowhere. So are pods that name their node, and those with more terms than anybody writes.
    """
    if pod.spec.node_name:
        return ()
    names = [each.name for each in asked(pod) if each.kind == SECCOMP]
    if not names or len(names) > MOST:
        return ()
    eligible = snapshot.places.eligible(placement_of(pod.spec))
    nodes = [known.node for name in eligible if (known := snapshot.known.get(name)) and known.node]
    labels = [label_name(name) for name in names]
    wanted = [label for label in labels if any(label in node.labels for node in nodes)]
    # Each is somewhere; all of them must be on one node.
    if not wanted or not any(all(label in node.labels for label in wanted) for node in nodes):
        return ()
    return tuple(_additions(pod, wanted))


def _additions(pod: Pod, labels: list[str]) -> Iterator[Addition]:
    affinity = pod.spec.affinity
    of_nodes = affinity.node_affinity if affinity else None
    required = of_nodes.required if of_nodes else None
    if required is not None:
        if len(required.node_selector_terms or ()) * len(labels) > MOST_ADDED:
            return
        # One without terms is refused by the API server, and its author hears why.
        yield from _additions_to(required, labels)
        return
    terms = {"nodeSelectorTerms": [{"matchExpressions": [_exists(each) for each in labels]}]}
    if of_nodes is not None:
        yield Addition((*_AFFINITY, "nodeAffinity", _REQUIRED), terms)
    elif affinity is not None:
        yield Addition((*_AFFINITY, "nodeAffinity"), {_REQUIRED: terms})
    else:
        yield Addition(_AFFINITY, {"nodeAffinity": {_REQUIRED: terms}})


def _additions_to(required: NodeSelector, labels: list[str]) -> Iterator[Addition]:
    for index, term in enumerate(required.node_selector_terms or ()):
        place: Path = (*_AFFINITY, "nodeAffinity", _REQUIRED, "nodeSelectorTerms", index, "matchExpressions")
        there = term.match_expressions or ()
        if not there and not term.match_fields:
            # It matches no node, and must not begin to.
            continue
        missing = [each for each in labels if not any(_asks_for(each, given) for given in there)]
        if not there and missing:
            yield Addition(place, [_exists(each) for each in missing])
            continue
        for each in missing:
            yield Addition((*place, _END), _exists(each))


def _exists(label: str) -> dict[str, str]:
    return {"key": label, "operator": "Exists"}


def _asks_for(label: str, given: NodeSelectorRequirement) -> bool:
    return given.key == label and given.operator in ("Exists", "In")
