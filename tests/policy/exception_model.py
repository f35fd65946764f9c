"""Exceptions by the letter of their documentation, on plain JSON: a second opinion, slow and simple.

Nothing of what is under test is used here. Source: docs/decisions/0011-exceptions.md.
"""

from random import Random
from typing import Any

from tests.strategies.pods import Manifest

Written = dict[str, Any]

NAMESPACES = ("shop", "sho*", "shop*", "shops", "s*", "till")
NAMES = ("a", "ab", "abc", "a*", "ab*", "b", "c*")
IMAGES = (
    "app", "r.example/app", "r.example/app:1", "r.example/app:2", "r.example/*", "r.example/x/*", "r.example",
    f"r.example/app@sha256:{'0' * 64}", f"r.example/app:1@sha256:{'0' * 64}", "app:1",
)  # fmt: skip
POD_IMAGES = (
    "app", "app:1", "r.example/app", "r.example/app:1", "r.example/x/app:1", "r.example.org/app", "",
    f"r.example/app:1@sha256:{'0' * 64}", f"r.example/app@sha256:{'1' * 64}", "r.example:5000/app:1",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "capabilities_baseline": ("spec.containers[*].securityContext.capabilities.add",),
    "capabilities_restricted": (
        "spec.containers[*].securityContext.capabilities.add",
        "spec.containers[*].securityContext.capabilities.drop",
    ),
    "runAsNonRoot": (
        "spec.securityContext.runAsNonRoot",
        "spec.containers[*].securityContext.runAsNonRoot",
    ),
    "hostNamespaces": ("spec.hostPID", "spec.hostIPC"),
    "seccompRequired": ("spec.containers[*].securityContext.seccompProfile.type",),
    "hostPathVolumes": (),
}
VALUES = ("SYS_TIME", "NET_RAW", True, False, 1, "Unconfined", "/var/log", "")
OF_PODS_ALONE = frozenset({"hostNamespaces", "hostPathVolumes"})


def some_exceptions(random: Random, most: int = 12) -> list[Written]:
    """Exceptions as a configuration writes them, with a few selectors each; several agree in some."""
    return [_exception(random, f"e{number}") for number in range(random.randint(1, most))]


def _some(random: Random, values: tuple[Any, ...], most: int = 2) -> list[Any]:
    return random.sample(values, random.randint(1, most))


def _exception(random: Random, name: str) -> Written:
    control = random.choice(sorted(FIELDS))
    match: Written = {"namespaces": _some(random, NAMESPACES)}
    selectors = {
        "workloads": lambda: [_workload(random) for _ in range(random.randint(1, 2))],
        "labels": lambda: {key: random.choice("xy") for key in _some(random, ("app", "tier"))},
        "serviceAccounts": lambda: _some(random, ("default", *NAMES)),
        "containers": lambda: _some(random, NAMES),
        "images": lambda: _some(random, IMAGES),
    }
    for selector in random.sample(sorted(selectors), random.choice((0, 0, 1, 1, 2, 3))):
        if control not in OF_PODS_ALONE or selector not in {"containers", "images"}:
            match[selector] = selectors[selector]()
    allow: Written = {"control": control}
    if random.random() < 0.4:
        allow["values"] = _some(random, VALUES)
    fields = FIELDS[control]
    if fields and random.random() < 0.3:
        allow["fields"] = _fields(random, fields, match)
    expires = random.choice(("2026-11-21", "2026-11-22", "2026-12-01", "2027-01-01"))
    return {"name": name, "reason": "a test", "expires": expires, "match": match, "allow": [allow]}


def _fields(random: Random, fields: tuple[str, ...], match: Written) -> list[str]:
    if match.keys() & {"containers", "images"}:
        fields = tuple(each for each in fields if "containers[*]" in each)
    return random.sample(fields, random.randint(1, len(fields)))


def _workload(random: Random) -> Written:
    name = random.choice(NAMES)
    kind = random.choice(("Pod", "Deployment", "ReplicaSet", "Rollout"))
    return {"kind": kind, "name": name, **({"group": "x.example"} if kind == "Rollout" else {})}


def some_pod(random: Random) -> Manifest:
    """A pod with much that is wrong, and names that exceptions know."""
    spec: Manifest = {
        kind: [_container(random) for _ in range(random.choice(counts))]
        for kind, counts in (
            ("containers", (1, 2)),
            ("initContainers", (0, 1)),
            ("ephemeralContainers", (0, 1)),
        )
    }
    for field in ("hostPID", "hostIPC"):
        if random.random() < 0.4:
            spec[field] = True
    if random.random() < 0.3:
        spec["securityContext"] = {"runAsNonRoot": random.choice((True, False))}
    if random.random() < 0.3:
        paths = _some(random, ("/var/log", "/"))
        spec["volumes"] = [{"name": f"v{at}", "hostPath": {"path": path}} for at, path in enumerate(paths)]
    if random.random() < 0.5:
        spec["serviceAccountName"] = random.choice(("a", "ab", "abcd", "default"))
    metadata: Manifest = {"name": random.choice(("a", "abc", "z"))}
    metadata["labels"] = {key: random.choice("xyz") for key in ("app", "tier") if random.random() < 0.7}
    if random.random() < 0.6:
        metadata["ownerReferences"] = [_owner(random)]
        if random.random() < 0.7:
            metadata["labels"]["pod-template-hash"] = "7d9f"
    return {"metadata": metadata, "spec": spec}


def _owner(random: Random) -> Manifest:
    kind, version = random.choice((("ReplicaSet", "apps/v1"), ("Rollout", "x.example/v1")))
    name = random.choice(("a", "ab", "abc-7d9f", "b-7d9f"))
    return {"apiVersion": version, "kind": kind, "name": name, "controller": random.random() < 0.8}


def _container(random: Random) -> Manifest:
    context: Manifest = {}
    if random.random() < 0.6:
        context["capabilities"] = {"add": _some(random, ("SYS_TIME", "NET_RAW", "SYS_ADMIN"))}
        if random.random() < 0.5:
            context["capabilities"]["drop"] = ["ALL"]
    if random.random() < 0.4:
        context["runAsNonRoot"] = random.choice((True, False))
    if random.random() < 0.5:
        context["seccompProfile"] = {"type": random.choice(("Unconfined", "RuntimeDefault"))}
    name, image = random.choice(("a", "ab", "abc", "b", "z")), random.choice(POD_IMAGES)
    return {"name": name, "image": image, **({"securityContext": context} if context else {})}


def matching(exceptions: list[Written], pod: Manifest, namespace: str, found: Written) -> list[str]:
    """The names of those that let pass what was *found*, the smallest first.

    *found* has the control, the field as controls list it, the value, and the container it is of, or None.
    """
    names = []
    for each in exceptions:
        places = [name for name in each["match"]["namespaces"] if _is(name, namespace)]
        if places and each["expires"] >= "2026-11-22" and _matches(each, pod, found):
            names.append((_size(each, all(name.endswith("*") for name in places)), each["name"]))
    return [name for _, name in sorted(names)]


def _matches(each: Written, pod: Manifest, found: Written) -> bool:  # noqa: PLR0911 - a line for each selector
    match, [allow] = each["match"], each["allow"]
    labels, container = pod["metadata"]["labels"], found["container"]
    if allow["control"] != found["control"]:
        return False
    if "values" in allow and not any(
        type(value) is type(found["value"]) and value == found["value"] for value in allow["values"]
    ):
        return False
    if "fields" in allow and not any(
        found["field"] == field or found["field"].startswith((f"{field}.", f"{field}["))
        for field in allow["fields"]
    ):
        return False
    if any(labels.get(key) != value for key, value in match.get("labels", {}).items()):
        return False
    account = pod["spec"].get("serviceAccountName", "default")
    if "serviceAccounts" in match and not any(_is(name, account) for name in match["serviceAccounts"]):
        return False
    if "workloads" in match and not any(_owns(workload, pod) for workload in match["workloads"]):
        return False
    if "containers" in match and not (
        container is not None and any(_is(name, container["name"]) for name in match["containers"])
    ):
        return False
    return "images" not in match or (
        container is not None and any(_is_image(image, container["image"]) for image in match["images"])
    )


def _is(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == name


def _is_image(pattern: str, image: str) -> bool:
    named, _, digest = image.partition("@")
    head, slash, last = named.rpartition("/")
    repository, tag = head + slash + last.partition(":")[0], last.partition(":")[2]
    if pattern.endswith("/*"):
        return repository.startswith(pattern[:-1])
    wanted_name, _, wanted_digest = pattern.partition("@")
    wanted_head, wanted_slash, wanted_last = wanted_name.rpartition("/")
    if wanted_head + wanted_slash + wanted_last.partition(":")[0] != repository:
        return False
    wanted_tag = wanted_last.partition(":")[2]
    if wanted_digest:
        return digest == wanted_digest and wanted_tag in {"", tag}
    return not wanted_tag or (wanted_tag == tag and not digest)


def _owns(workload: Written, pod: Manifest) -> bool:
    kind, pattern = workload["kind"], workload["name"]
    metadata = pod["metadata"]
    if kind == "Pod":
        return _is(pattern, metadata["name"])
    for owner in metadata.get("ownerReferences", ()):
        if not owner["controller"]:
            continue
        if kind == owner["kind"] and _is(pattern, owner["name"]):
            return True
        mark = metadata["labels"].get("pod-template-hash")
        if kind == "Deployment" and owner["kind"] == "ReplicaSet" and mark:
            rest = owner["name"].removesuffix(f"-{mark}")
            if rest != owner["name"] and _is(pattern, rest):
                return True
    return False


def _size(each: Written, is_beginning: bool) -> tuple[object, ...]:  # noqa: FBT001 - a part of the order
    match, [allow] = each["match"], each["allow"]
    is_of_containers = bool(match.keys() & {"containers", "images"})
    return (not is_of_containers, "values" not in allow, "fields" not in allow, is_beginning, -len(match))
