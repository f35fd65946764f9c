"""Pods that leave much open: those of the common strategy, with most of what they say taken away again."""

from random import Random
from typing import Any

from tests.strategies.pods import Manifest, containers, pod

POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/"
ANNOTATIONS = ("runtime/default", "docker/default", "unconfined", "localhost/a.json", "localhost/../a", "")
OPEN = ("allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "seccompProfile")


def open_pod(random: Random) -> Manifest:
    """A pod."""
    manifest = pod(random)
    for each in containers(manifest):
        if random.random() > 0.8:
            each["securityContext"] = random.choice((None, {}))
        elif isinstance(each.get("securityContext"), dict):
            _open(random, each["securityContext"])
    for _ in range(random.choice((0, 0, 0, 0, 1, 2))):
        key = random.choice((POD_ANNOTATION, f"{CONTAINER_ANNOTATION}a", f"{CONTAINER_ANNOTATION}b"))
        metadata = manifest["metadata"] = manifest.get("metadata") or {}
        metadata["annotations"] = {**(metadata.get("annotations") or {}), key: random.choice(ANNOTATIONS)}
    if random.random() > 0.98:
        manifest["spec"]["nodeSelector"] = {"kubernetes.io/os": random.choice(("windows", "linux"))}
    return manifest


def _open(random: Random, context: dict[str, Any]) -> None:
    for field in OPEN:
        if random.random() > 0.4:
            context.pop(field, None)
    if random.random() > 0.9:
        context[random.choice(("privileged", "runAsNonRoot"))] = True
    if random.random() > 0.9:
        context["runAsUser"] = random.choice((0, 1000))
    if random.random() > 0.9:
        context["capabilities"] = random.choice(({}, {"add": ["CHOWN"]}, {"add": ["NET_BIND_SERVICE"]}))
