"""Pods, controllers and namespaces, made from the vocabulary by a source of randomness."""

import re
from random import Random
from typing import Any

from tests.e2e.api import Manifest
from tests.e2e.twin.vocabulary import Vocabulary, good_pod, merged
from tests.strategies.pods import good_container
from tests.strategies.reviews import CONTROLLERS, labels

_CHANGES = (0, 1, 1, 2, 2, 3, 5, 9)
_CONTAINERS = ((0, 1), (0, 1), (0, 2), (1, 1), (2, 2), (1, 3))
_SELECTED = {"app": "cart"}
_PREFIX = "pod-security.kubernetes.io/"
_LABEL = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]|")
_TAKEN_AS_LABELS = ("Restricted", "x", "", "v1.01", "1.25", "v2.0", "Latest", "v1.9223372036854775808")


def pod(random: Random, words: Vocabulary, name: str, namespace: str) -> Manifest:
    """A pod: good, or bad in a few places; seldom one that validation refuses."""
    manifest = good_pod(name, namespace)
    spec = manifest["spec"]
    inits, others = random.choice(_CONTAINERS)
    names = iter("abcdefgh")
    spec["containers"] = [good_container(next(names)) for _ in range(others)]
    if inits:
        spec["initContainers"] = [good_container(next(names)) for _ in range(inits)]
    if random.random() < 0.3:  # the pod speaks for its containers
        spec["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        for each in (*spec["containers"], *spec.get("initContainers", ())):
            if random.random() < 0.6:
                del each["securityContext"]["runAsNonRoot"]
                del each["securityContext"]["seccompProfile"]
    for _ in range(random.choice(_CHANGES)):
        if random.random() < 0.4:
            manifest = merged(manifest, random.choice(words.pod))
        else:
            _change_a_container(random, words, manifest)
    if words.refused and random.random() < 0.03:
        manifest = merged(manifest, random.choice(words.refused))
    return manifest


def _change_a_container(random: Random, words: Vocabulary, manifest: Manifest) -> None:
    spec = manifest["spec"]
    group = random.choice([key for key in ("containers", "initContainers") if spec.get(key)])
    index = random.randrange(len(spec[group]))
    containers = list(spec[group])
    fragment = random.choice(words.container)
    if group == "initContainers":
        fragment = {key: value for key, value in fragment.items() if key not in _NOT_AT_FIRST}
    containers[index] = merged(containers[index], fragment)
    manifest["spec"] = {**spec, group: containers}


_NOT_AT_FIRST = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
"""What an init container must not have."""


def controller(random: Random, words: Vocabulary, name: str, namespace: str) -> Manifest:
    """One of the eight kinds whose pods are looked at in advance."""
    group, kind, _, place = random.choice(CONTROLLERS)
    template = pod(random, words, "x", namespace)
    content: Manifest = {
        "metadata": {**template["metadata"], "labels": dict(_SELECTED)},
        "spec": template["spec"],
    }
    del content["metadata"]["name"], content["metadata"]["namespace"]
    if group == "batch":
        content["spec"] = {**content["spec"], "restartPolicy": "Never"}
    node: Any = content
    for step in reversed(place):
        node = {step: node}
    manifest: Manifest = {
        "apiVersion": f"{group}/v1".lstrip("/"),
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        **node,
    }
    if group == "apps":
        manifest["spec"]["selector"] = {"matchLabels": dict(_SELECTED)}
    elif kind == "ReplicationController":
        manifest["spec"]["selector"] = dict(_SELECTED)
        if random.random() < 0.05:
            del manifest["spec"]["template"]
    elif kind == "CronJob":
        manifest["spec"]["schedule"] = "0 0 * * *"
    if kind == "StatefulSet":
        manifest["spec"]["serviceName"] = "cart"
    return manifest


def namespace(random: Random, name: str) -> Manifest:
    """A namespace with labels of every kind, good and bad."""
    return namespace_with(name, some_labels(random))


def some_labels(random: Random) -> dict[str, str]:
    """Labels of every kind, of which at most one is no label at all.

    Validation refuses those, and names several in an order of its own each time.
    """
    chosen = dict(labels(random) or {})
    odd = [key for key, value in chosen.items() if not _LABEL.fullmatch(value)]
    for key in odd[random.randrange(2) :]:
        chosen[key] = random.choice(_TAKEN_AS_LABELS)
    return chosen


def namespace_with(name: str, labels: dict[str, str]) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def policy(**modes: str) -> dict[str, str]:
    """Labels, such as of ``enforce="baseline", enforce_version="v1.20"``."""
    return {f"{_PREFIX}{mode.replace('_', '-')}": value for mode, value in modes.items()}
