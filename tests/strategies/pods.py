"""Pods for tests: good ones in which a few fields are changed, so that many fail one control alone.

``pod(random)`` makes a pod from any source of randomness: a seeded one, fast enough for many thousands, or
Hypothesis' own, which makes failing pods small (``pods()``).
"""

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.strategies.fields import CONTAINER_FIELDS, CONTAINER_LISTS, NAMES, POD_FIELDS, Field
from webhook.policy.path import Path

Manifest = dict[str, Any]

RELAXATIONS: tuple[Manifest, ...] = ({"hostUsers": False}, {"os": {"name": "windows"}})
"""What a pod's spec can say that makes some versions ask less of it."""

_CHANGES = (1, 0, 1, 1, 1, 2, 2, 3, 5, 12, 40)


def pod(random: Random) -> Manifest:
    """A pod: good, or bad in a few places, or in very many."""
    manifest = {"metadata": {"name": random.choice(NAMES)}, "spec": _spec(random)}
    for _ in range(random.choice(_CHANGES)):
        random.choice(_KINDS_OF_CHANGE)(random, manifest)
    return manifest


def pods() -> st.SearchStrategy[Manifest]:
    """Pods: some that shrink towards a good one with a single container, and some that are more varied."""
    seeds = st.integers(0, 2**64).map(Random)
    return st.one_of(st.randoms(use_true_random=False), seeds).map(pod)


def good_container(name: str) -> Manifest:
    """A container that asks nothing of its pod and passes everything."""
    return {
        "name": name,
        "image": "app",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def one_fault_each() -> Iterator[Manifest]:
    """For each field, a pod that is good but for the first bad value of that field."""
    for field in (*POD_FIELDS, *CONTAINER_FIELDS):
        for value in field.bad[:1]:
            manifest: Manifest = {"spec": {"containers": [good_container("a")]}}
            node = manifest if field in POD_FIELDS else manifest["spec"]["containers"][0]
            put(node, field.path, [value] if field.is_list else value)
            yield manifest


def put(manifest: Manifest, path: Path, value: object) -> None:
    """Set the field at *path*, making the objects above it where they are missing or ``null``."""
    holder: Any = manifest
    for step in path[:-1]:
        if isinstance(holder, dict) and holder.get(step) is None:
            holder[step] = {}
        holder = holder[step]
    holder[path[-1]] = value


def containers(manifest: Manifest) -> Iterator[Manifest]:
    """All containers of a pod, of every kind."""
    for name in CONTAINER_LISTS:
        yield from manifest["spec"].get(name) or ()


def _spec(random: Random) -> Manifest:
    counts = random.choice(
        ((0, 1, 0), (0, 1, 0), (0, 2, 0), (1, 1, 0), (1, 1, 1), (0, 1, 2), (2, 2, 0), (0, 0, 0))
    )
    lists = zip(CONTAINER_LISTS, counts, strict=True)
    spec: Manifest = {kind: _container_list(random, count) for kind, count in lists if count}
    if random.random() < 0.4:  # the pod speaks for its containers
        spec["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "Localhost"}}
        for each in containers({"spec": spec}):
            if random.random() < 0.7:
                del each["securityContext"]["runAsNonRoot"]
                del each["securityContext"]["seccompProfile"]
    return spec


def _container_list(random: Random, count: int) -> list[Manifest]:
    return [
        good_container(random.choice(NAMES[:3]) if random.random() < 0.8 else random.choice(NAMES))
        for _ in range(count)
    ]


def _some_field(random: Random, manifest: Manifest) -> tuple[Manifest, Field]:
    """A field, with the pod or the container that it is in."""
    nodes = list(containers(manifest))
    if nodes and random.random() < 0.6:
        return random.choice(nodes), random.choice(CONTAINER_FIELDS)
    return manifest, random.choice(POD_FIELDS)


def _set_value(random: Random, manifest: Manifest) -> None:
    node, field = _some_field(random, manifest)
    values = field.bad if field.bad and random.random() < 0.7 else field.good
    if field.is_list:
        items = [random.choice((*field.good, *field.bad)) for _ in range(random.choice((0, 1, 2, 4)))]
        put(node, field.path, deepcopy([random.choice(values), *items]))
    else:
        put(node, field.path, random.choice(values))


def _set_gap(random: Random, manifest: Manifest) -> None:
    node, field = _some_field(random, manifest)
    place, value = random.choice([gap for gap in field.gaps() if gap[0] != ("spec",)])
    put(node, place, deepcopy(value))


def _remove(random: Random, manifest: Manifest) -> None:
    node, field = _some_field(random, manifest)
    holder: Any = node
    for step in field.path[: random.randrange(len(field.path))]:
        holder = (holder or {}).get(step)
    if isinstance(holder, dict) and node is not holder:
        holder.pop(random.choice(sorted(holder)) if holder else "", None)


def _add_container(random: Random, manifest: Manifest) -> None:
    new = good_container(random.choice(NAMES)) if random.random() < 0.5 else {"name": random.choice(NAMES)}
    kind = random.choice(CONTAINER_LISTS)
    manifest["spec"][kind] = [*(manifest["spec"].get(kind) or ()), new]


def _unname(random: Random, manifest: Manifest) -> None:
    nodes = [*containers(manifest), *(manifest["spec"].get("volumes") or ())]
    if nodes:
        random.choice(nodes)["name"] = random.choice((None, *NAMES))


_KINDS_OF_CHANGE = (
    *(_set_value,) * 8,
    *(_set_gap,) * 3,
    _remove,
    _add_container,
    _unname,
)
