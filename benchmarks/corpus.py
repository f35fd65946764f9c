"""Manifests to read: six kinds, half of them violating, half of them in files of twenty documents."""

from pathlib import Path
from random import Random
from typing import Final

import yaml

KINDS: Final = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
PER_LONG_FILE: Final = 20
_APIS: Final = {"Pod": "v1", "Job": "batch/v1", "CronJob": "batch/v1"}
_SAFE: Final = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}
_UNSAFE: Final = (
    {"privileged": True},
    {"allowPrivilegeEscalation": False, "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}},
    {"runAsUser": 0},
    {},
)


class _WithoutAnchors(yaml.SafeDumper):
    """Writes what is there twice twice, as people do."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as the dumper calls it
        return True


def write(folder: Path, manifests: int) -> int:
    """Write so many manifests into *folder*, the same ones each time; the number of files comes back."""
    random = Random(1)  # noqa: S311 - no secret: the same corpus each time
    texts = [_yaml(number, random) for number in range(manifests)]
    half = manifests // 2
    files = [[text] for text in texts[:half]]
    files += [texts[at : at + PER_LONG_FILE] for at in range(half, manifests, PER_LONG_FILE)]
    for number, documents in enumerate(files):
        place = folder / f"team-{number % 20:02}"
        place.mkdir(exist_ok=True)
        (place / f"{number:05}.yaml").write_text("---\n".join(documents))
    return len(files)


def _yaml(number: int, random: Random) -> str:
    kind = KINDS[number % len(KINDS)]
    name = f"app-{number}"
    labels = {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": "shop",
        "team": f"team-{number % 20}",
    }
    spec = _pod_spec(name, random, is_safe=number // len(KINDS) % 2 == 0)
    template = {"metadata": {"labels": labels}, "spec": spec}
    match kind:
        case "Pod":
            held = spec
        case "Job":
            held = {"backoffLimit": 3, "template": {**template, "spec": {**spec, "restartPolicy": "Never"}}}
        case "CronJob":
            job = {"template": {**template, "spec": {**spec, "restartPolicy": "OnFailure"}}}
            held = {"schedule": "*/5 * * * *", "jobTemplate": {"spec": job}}
        case _:
            held = {"selector": {"matchLabels": labels}, "template": template}
            held |= {"serviceName": name} if kind == "StatefulSet" else {}
    metadata = {"name": name, "namespace": f"team-{number % 20}", "labels": labels}
    manifest = {"apiVersion": _APIS.get(kind, "apps/v1"), "kind": kind, "metadata": metadata, "spec": held}
    return yaml.dump(manifest, Dumper=_WithoutAnchors, sort_keys=False)


def _pod_spec(name: str, random: Random, *, is_safe: bool) -> dict[str, object]:
    pod = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}} if is_safe else {}
    return {
        "serviceAccountName": name,
        "securityContext": {"fsGroup": 2000, **pod},
        "containers": [
            _container(f"{name}-{at}", random, is_safe=is_safe) for at in range(random.choice((1, 1, 1, 2)))
        ],
        "volumes": [
            {"name": "config", "configMap": {"name": name}},
            {"name": "cache", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
    }


def _container(name: str, random: Random, *, is_safe: bool) -> dict[str, object]:
    settings = {f"SETTING_{at}": f"value of {name}, {random.randrange(10**6)}" for at in range(6)}
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10}
    return {
        "name": name,
        "image": f"registry.example/{name}:{random.randrange(100)}",
        "args": ["--listen=:8080", "--log-format=json", f"--shard={random.randrange(100)}"],
        "env": [{"name": key, "value": value} for key, value in settings.items()],
        "ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090, "name": "metrics"}],
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "livenessProbe": probe,
        "readinessProbe": probe | {"initialDelaySeconds": 5},
        "volumeMounts": [
            {"name": "config", "mountPath": "/etc/app", "readOnly": True},
            {"name": "cache", "mountPath": "/var/cache/app"},
        ],
        "securityContext": dict(_SAFE if is_safe else random.choice(_UNSAFE)),
    }
