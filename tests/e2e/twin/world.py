"""The namespaces that both twins have, and the pods that some of them are full of."""

from random import Random
from typing import Final

from tests.e2e.api import Api, Manifest
from tests.e2e.processes import wait_for
from tests.e2e.twin.objects import namespace_with, pod, policy
from tests.e2e.twin.pair import FROM_BEFORE, Twins
from tests.e2e.twin.request import patch
from tests.e2e.twin.vocabulary import Vocabulary
from tests.strategies.reviews import LEVELS, MODES, SOME_VERSIONS

EXEMPT: Final = "exempt-namespace"
_CROWDS: Final = {"crowd-empty": 0, "crowd-one": 1, "crowd-some": 12, "crowd-many": 60}
CROWDS: Final = tuple(_CROWDS)

_JUDGED: Final[tuple[dict[str, str], ...]] = (
    {},
    policy(enforce="privileged"),
    policy(enforce="baseline"),
    policy(enforce="restricted"),
    policy(enforce="restricted", enforce_version="v1.18"),
    policy(enforce="baseline", audit="restricted", warn="restricted"),
    policy(enforce="baseline", enforce_version="v1.25", warn="restricted", warn_version="v1.24"),
    policy(audit="baseline"),
    policy(warn="restricted"),
    policy(enforce="restricted", enforce_version="v1.99"),
    {"team": "cart"},
)
_MORE: Final = 20


def settle(twins: Twins, random: Random, words: Vocabulary) -> list[str]:
    """Fill both twins alike; the names of the namespaces in which pods are judged."""
    judged = [*_JUDGED, *(_labels(random) for _ in range(_MORE))]
    namespaces = [namespace_with(f"judged-{number}", labels) for number, labels in enumerate(judged)]
    namespaces += [namespace_with(EXEMPT, policy(enforce="restricted", warn="baseline"))]
    crowds = [namespace_with(name, {}) for name in _CROWDS]
    crowd = [
        _owned(random, pod(random, words, f"p-{random.randrange(1000)}-{number}", name))
        for name, size in _CROWDS.items()
        for number in range(size)
    ]
    for api in twins.apis:
        for each in (*namespaces, *crowds):
            api.create(each).good()
    _fill(twins, crowd)
    for name in _CROWDS:
        _await_all(twins, namespace_with(name, {}))
    return [each["metadata"]["name"] for each in (*FROM_BEFORE, *namespaces)]


def _fill(twins: Twins, crowd: list[Manifest]) -> None:
    for manifest in crowd:
        codes = {api.create(manifest).code for api in twins.apis}
        assert len(codes) == 1, (codes, manifest)


def _await_all(twins: Twins, namespace: Manifest) -> None:
    """Return when both know all pods of *namespace*; caches are filled a little later."""
    strict = patch(namespace, {"metadata": {"labels": policy(enforce="restricted")}})._replace(dry_run=True)

    def all_are_known() -> bool:
        def words(api: Api) -> tuple[str, ...]:
            return strict.send(api).good().warnings

        return words(twins.apis[0]) == words(twins.apis[1])

    wait_for(all_are_known, "the same pods are known of " + namespace["metadata"]["name"], patience=10)


def _labels(random: Random) -> dict[str, str]:
    return {
        key: value
        for mode in MODES
        for key, value in {
            **policy(**{mode: random.choice(LEVELS)}),
            **policy(**{f"{mode}_version": random.choice(SOME_VERSIONS)}),
        }.items()
        if random.random() < 0.6
    }


def _owned(random: Random, manifest: Manifest) -> Manifest:
    """One of several replicas, or a pod of its own."""
    if random.random() < 0.5:
        owner = random.choice(("x", "y"))
        manifest["metadata"]["ownerReferences"] = [
            {
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"replicas-{owner}",
                "controller": True,
                "uid": f"00000000-0000-0000-0000-00000000000{'xy'.index(owner)}",
            }
        ]  # fmt: skip
    return manifest
