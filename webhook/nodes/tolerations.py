"""Which taints keep a pod off a node.

Source: Kubernetes documentation, "Taints and Tolerations"; the operators Gt and Lt are KEP-5471's.
"""

import re
from collections.abc import Iterable
from typing import Final

from webhook.nodes.node import Taint
from webhook.nodes.requirements import number
from webhook.policy.core_v1 import Toleration

NO_SCHEDULE: Final = "NoSchedule"
NO_EXECUTE: Final = "NoExecute"
UNSCHEDULABLE: Final = Taint("node.kubernetes.io/unschedulable", "", NO_SCHEDULE)
"""The taint of a node that is cordoned: whoever tolerates it is scheduled there all the same."""

# Stricter than Go's numbers: no plus, no leading zeros.
_DECIMAL: Final = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)


def are_tolerated(taints: Iterable[Taint], tolerations: Iterable[Toleration], *effects: str) -> bool:
    """Whether every one of *taints* with one of *effects* is tolerated."""
    return all(
        any(tolerates(each, taint) for each in tolerations) for taint in taints if taint.effect in effects
    )


def tolerates(toleration: Toleration, taint: Taint) -> bool:
    """Whether *toleration* is for *taint*: an empty key or effect is for all of them."""
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.key and toleration.key != taint.key:
        return False
    operator, value = toleration.operator or "Equal", toleration.value or ""
    if operator == "Equal":
        return value == taint.value
    if operator in ("Gt", "Lt"):
        bound, found = _decimal(value), _decimal(taint.value)
        if bound is None or found is None:
            return False
        return found > bound if operator == "Gt" else found < bound
    return operator == "Exists"


def _decimal(text: str) -> int | None:
    return number(text) if _DECIMAL.fullmatch(text) else None
