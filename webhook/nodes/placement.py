"""The nodes that a pod may be scheduled to, as kube-scheduler's filters say.

Source: Kubernetes documentation, "Assigning Pods to Nodes" and "Taints and Tolerations". What is used up
or in the way at the moment (resources, ports, other pods, volumes) is not asked: it changes.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from webhook.nodes.node import Node, Taint
from webhook.nodes.requirements import Accepts, accepts, has_labels, names_in
from webhook.nodes.tolerations import NO_EXECUTE, NO_SCHEDULE, UNSCHEDULABLE, are_tolerated, tolerates
from webhook.policy.core_v1 import NodeSelector, PodSpec, Toleration

MOST_QUESTIONS: Final = 250_000
"""Requirements and tolerations of a pod, times the nodes they are asked of. More would keep others waiting:
then all nodes count, and a pod that is made for that gains nothing by it."""

_MOST_KEPT: Final = 128
MOST_SAID: Final = 32_768
"""Characters that a placement may have to be kept, each text counting some more: a few hundred texts."""

_OF_A_TEXT: Final = 64


class Placement(NamedTuple):
    """All that a pod says of where it may run. Pods that say the same may run on the same nodes."""

    node_name: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    affinity: NodeSelector | None = None
    tolerations: tuple[Toleration, ...] = ()

    @property
    def questions(self) -> int:
        """How many things a node is asked at most."""
        terms = (self.affinity and self.affinity.node_selector_terms) or ()
        asked = sum(len(each.match_expressions or ()) + len(each.match_fields or ()) for each in terms)
        return asked + len(self.labels) + len(self.tolerations)

    @property
    def is_short(self) -> bool:
        """Whether it is short enough to be kept, and to be hashed each time that it is looked up."""
        said = 0
        for each in self._texts():
            said += _OF_A_TEXT + len(each or "")
            if said > MOST_SAID:
                return False
        return True

    def _texts(self) -> Iterator[str | None]:
        for pair in self.labels:
            yield from pair
        for each in self.tolerations:
            yield from (each.key, each.operator, each.value, each.effect)
        for term in (self.affinity and self.affinity.node_selector_terms) or ():
            # Even an empty one takes room.
            yield None
            for asked in (*(term.match_expressions or ()), *(term.match_fields or ())):
                yield from (asked.key, asked.operator, *(asked.values or ()))


def placement_of(spec: PodSpec) -> Placement:
    """What the pod with *spec* says of where it may run."""
    node_affinity = spec.affinity.node_affinity if spec.affinity else None
    return Placement(
        spec.node_name or "",
        tuple(sorted((key, value or "") for key, value in (spec.node_selector or {}).items())),
        node_affinity.required if node_affinity else None,
        spec.tolerations or (),
    )


class Places:
    """The nodes there are. What was asked once is kept: a cluster has far more pods than placements."""

    __slots__ = ("_by_name", "_kept")

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._by_name: Final = {each.name: each for each in nodes}
        self._kept: dict[Placement, tuple[str, ...]] = {}

    def eligible(self, placement: Placement) -> tuple[str, ...]:
        """The names of the nodes that a pod with *placement* may be scheduled to."""
        names = _names(placement)
        if names is not None:
            # As cheap as looking it up, and the pods of a DaemonSet would drive out all others.
            named = [self._by_name[name] for name in names if name in self._by_name]
            return _eligible(placement, named)
        if not placement.is_short:
            return _eligible(placement, self._by_name.values())
        known = self._kept.get(placement)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = self._kept[placement] = _eligible(placement, self._by_name.values())
        return known


def _names(placement: Placement) -> frozenset[str] | None:
    """The only nodes that can be eligible, where the pod names them."""
    if placement.node_name:
        return frozenset((placement.node_name,))
    return names_in(placement.affinity) if placement.affinity else None


def _eligible(placement: Placement, nodes: Iterable[Node]) -> tuple[str, ...]:
    candidates = tuple(nodes)
    if placement.questions * len(candidates) > MOST_QUESTIONS:
        return tuple(each.name for each in candidates)
    checks = _checks(placement)
    return tuple(each.name for each in candidates if all(check(each) for check in checks))


def _checks(placement: Placement) -> list[Accepts]:
    checks = []
    if placement.labels:
        checks.append(has_labels(placement.labels))
    if placement.affinity is not None:
        checks.append(accepts(placement.affinity))
    if placement.node_name:
        # No scheduler sees such a pod, and the kubelet asks less of it.
        return [*checks, _tolerated(placement.tolerations, NO_EXECUTE)]
    if not any(tolerates(each, UNSCHEDULABLE) for each in placement.tolerations):
        checks.append(_is_schedulable)
    return [*checks, _tolerated(placement.tolerations, NO_SCHEDULE, NO_EXECUTE)]


def _is_schedulable(node: Node) -> bool:
    return not node.unschedulable


def _tolerated(tolerations: tuple[Toleration, ...], *effects: str) -> Accepts:
    # Most nodes have the same taints, if any.
    known: dict[tuple[Taint, ...], bool] = {(): True}

    def accepts_node(node: Node) -> bool:
        found = known.get(node.taints)
        if found is None:
            found = known[node.taints] = are_tolerated(node.taints, tolerations, *effects)
        return found

    return accepts_node
