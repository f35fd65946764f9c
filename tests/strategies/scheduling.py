"""Nodes, and pods with something to say of where they run: few names, so that they often meet."""

from random import Random
from typing import Any

Manifest = dict[str, Any]

KEYS = ("zone", "disk", "cores", "example.com/gpu", "kubernetes.io/hostname")
BAD_KEYS = ("", "-zone", "a/b/c", "Example.com/gpu", "example..com/x", "z" * 64)
VALUES = ("a", "b", "ssd", "", "4", "16", "-1", "+5", "007", "9223372036854775808", "n-1")
BAD_VALUES = ("not a label", "-", "v" * 64)
NAMES = tuple(f"n-{number}" for number in range(12))
EFFECTS = ("NoSchedule", "NoExecute", "PreferNoSchedule")
TAINTED = ("dedicated", "gpu", "sla", "node.kubernetes.io/unschedulable")
TAINT_VALUES = ("", "a", "b", "950", "-7", "+1", "0", "01", "9223372036854775808")


def _sometimes(random: Random, chance: float) -> bool:
    return random.random() < chance


def _some(random: Random, choices: tuple[str, ...], most: int) -> list[str]:
    return [random.choice(choices) for _ in range(random.randint(0, most))]


def node(random: Random, name: str) -> Manifest:
    spec: Manifest = {}
    if _sometimes(random, 0.4):
        spec["taints"] = [
            {
                "key": random.choice(TAINTED),
                "value": random.choice(TAINT_VALUES),
                "effect": random.choice(EFFECTS),
            }
            for _ in range(random.randint(1, 2))
        ]
    if _sometimes(random, 0.2):
        spec["unschedulable"] = True
    labels = {key: random.choice(VALUES) for key in KEYS if _sometimes(random, 0.6)}
    return {"metadata": {"name": name, "labels": labels}, "spec": spec}


def nodes(random: Random) -> list[Manifest]:
    return [node(random, name) for name in NAMES]


def requirement(random: Random) -> Manifest:
    operator = random.choice(("In", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"))
    values = {"Exists": [], "DoesNotExist": [], "Gt": _some(random, VALUES, 0), "Lt": []}.get(operator)
    if values is None:
        values = _some(random, VALUES, 3)
    elif operator in ("Gt", "Lt"):
        values = [random.choice(VALUES)]
    made: Manifest = {"key": random.choice(KEYS), "operator": operator, "values": values}
    if _sometimes(random, 0.06):
        made |= random.choice(
            (
                {"key": random.choice(BAD_KEYS)},
                {"values": [*values, random.choice(BAD_VALUES)]},
                {"values": _some(random, VALUES, 2)},
                {"values": None},
                {"operator": random.choice(("", "in", "Equals"))},
            )
        )
    return made


def field(random: Random) -> Manifest:
    made: Manifest = {
        "key": "metadata.name",
        "operator": random.choice(("In", "In", "NotIn")),
        "values": [random.choice(NAMES)],
    }
    if _sometimes(random, 0.06):
        made |= random.choice(
            (
                {"key": "metadata.namespace"},
                {"values": []},
                {"values": list(NAMES[:2])},
                {"operator": "Exists"},
                {"values": [""]},
            )
        )
    return made


def term(random: Random) -> Manifest:
    made: Manifest = {}
    if _sometimes(random, 0.8):
        made["matchExpressions"] = [requirement(random) for _ in range(random.randint(0, 2))]
    if _sometimes(random, 0.3):
        made["matchFields"] = [field(random) for _ in range(random.randint(0, 2))]
    return made


def toleration(random: Random) -> Manifest:
    made: Manifest = {}
    if _sometimes(random, 0.8):
        made["key"] = random.choice(TAINTED)
    if _sometimes(random, 0.8):
        made["operator"] = random.choice(("Equal", "Exists", "Exists", "Gt", "Lt", "Other"))
    if _sometimes(random, 0.6):
        made["value"] = random.choice(TAINT_VALUES)
    if _sometimes(random, 0.6):
        made["effect"] = random.choice(EFFECTS)
    return made


def pod(random: Random) -> Manifest:
    spec: Manifest = {}
    if _sometimes(random, 0.15):
        spec["nodeName"] = random.choice((*NAMES, "elsewhere"))
    if _sometimes(random, 0.3):
        spec["nodeSelector"] = {random.choice(KEYS): random.choice(VALUES)}
    if _sometimes(random, 0.6):
        terms = [term(random) for _ in range(random.randint(0, 3))]
        required = {"nodeSelectorTerms": terms} if _sometimes(random, 0.95) else random.choice((None, {}))
        spec["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    if _sometimes(random, 0.6):
        spec["tolerations"] = [toleration(random) for _ in range(random.randint(0, 3))]
    return {"spec": spec}
