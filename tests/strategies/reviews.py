"""Admission requests, and the clusters and configurations that they meet.

A case holds ``configuration`` (a PodSecurityConfiguration, or None), ``namespaces`` by name (each with
``labels`` and ``pods``, or with the error that reading them ends in) and ``request``.
"""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.strategies.pods import Manifest, containers, pod
from webhook.policy.workload import KINDS

Case = dict[str, Any]

LEVELS = ("privileged", "baseline", "restricted", "restricted")
OTHER_LEVELS = ("", "Restricted", "baseline ", 'pri"vileged\\', "ünï")
SOME_VERSIONS = ("latest", "v1.0", "v1.18", "v1.25", "v1.34", "v1.37", "v1.99")
OTHER_VERSIONS = ("", "v1.01", "1.25", "v2.0", "v1.", "Latest", "v1.9223372036854775808", "v1.٣", "v1.2\n")
MODES = ("enforce", "audit", "warn")
USERS = (*("alice",) * 6, "system:exempt", "")
NAMESPACES = (*("shop",) * 12, "exempt-namespace", "missing", "failing", "")
RUNTIME_CLASSES = ("exempt-class", "exempt-class", "gvisor", "", None)
IGNORED_SUBRESOURCES = ("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status")
OTHER_SUBRESOURCES = ("ephemeralcontainers", "resize", "unheard-of", "Status")

CONTROLLERS = tuple(
    (each.group, each.kind, each.resource, each.template) for each in KINDS.values() if each.template
)


def case(random: Random) -> Case:
    """A request of any kind, in a world that may go wrong."""
    make = random.choice((_pod_request, _pod_request, _controller_request, _namespace_request))
    request = make(random)
    shop: Manifest = {"labels": labels(random)}
    if make is _namespace_request:
        shop["pods"] = [_existing_pod(random) for _ in range(random.choice((0, 1, 2, 5)))]
        if random.random() < 0.1:
            shop["listFails"] = "the server is busy"
    if random.random() < 0.1:
        random.choice(_ODDITIES)(random, request)
    namespaces = {
        "shop": shop,
        "exempt-namespace": {"labels": labels(random)},
        "failing": {"lookupFails": 'connection to "etcd" refused'},
    }
    asked = request["namespace"]
    return {
        "configuration": configuration(random),
        "namespaces": {name: state for name, state in namespaces.items() if name == asked},
        "request": request,
    }


def cases() -> st.SearchStrategy[Case]:
    """Cases that shrink."""
    return st.randoms(use_true_random=False).map(case)


def labels(random: Random) -> dict[str, str] | None:
    """Labels of a namespace: none, good ones, and bad ones."""
    if random.random() < 0.1:
        return None
    chosen = {"team": "cart"} if random.random() < 0.2 else {}
    is_careless = random.random() < 0.3
    for mode in MODES:
        for suffix, good, bad in (("", LEVELS, OTHER_LEVELS), ("-version", SOME_VERSIONS, OTHER_VERSIONS)):
            if random.random() < 0.6:
                values = bad if is_careless and random.random() < 0.3 else good
                chosen[f"pod-security.kubernetes.io/{mode}{suffix}"] = random.choice(values)
    return chosen


def configuration(random: Random) -> Manifest | None:
    """A PodSecurityConfiguration that the built-in plugin takes, or none."""
    if random.random() < 0.3:
        return None
    version = random.choice(("v1", "v1beta1", "v1alpha1"))
    defaults = {
        f"{mode}{suffix}": random.choice(values)
        for mode in MODES
        for suffix, values in (("", LEVELS), ("-version", SOME_VERSIONS))
        if random.random() < 0.4
    }
    exemptions = {
        "usernames": ["system:exempt", "system:node"],
        "namespaces": ["kube-system", "exempt-namespace"],
        "runtimeClasses": ["exempt-class"],
    }
    chosen = {key: names for key, names in exemptions.items() if random.random() < 0.7}
    return {
        "apiVersion": f"pod-security.admission.config.k8s.io/{version}",
        "kind": "PodSecurityConfiguration",
        "defaults": defaults,
        "exemptions": chosen,
    }


def request_for(random: Random, group: str, kind: str, resource: str, **more: object) -> Manifest:
    """A request for an object of a kind, with what the API server always says."""
    request: Manifest = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": group, "version": "v1", "kind": kind},
        "resource": {"group": group, "version": "v1", "resource": resource},
        "name": random.choice(("cart", "cart", "", 'c"a\\rt')),
        "namespace": random.choice(NAMESPACES),
        "operation": random.choice(("CREATE", "CREATE", "UPDATE")),
        "userInfo": {"username": random.choice(USERS)},
        "dryRun": random.random() < 0.2,
    }
    return request | more


def _pod_request(random: Random) -> Manifest:
    subresource = _some(random, 0.2, IGNORED_SUBRESOURCES) or _some(random, 0.2, OTHER_SUBRESOURCES)
    request = request_for(random, "", "Pod", "pods", requestSubResource=subresource, subResource=subresource)
    request["object"] = _typed(random, "v1", "Pod", _pod(random))
    if request["operation"] == "UPDATE":
        request["oldObject"] = deepcopy(request["object"])
        random.choice(_UPDATES)(random, request["object"])
    return request


def _pod(random: Random) -> Manifest:
    manifest = pod(random)
    if random.random() < 0.2:
        manifest["spec"]["runtimeClassName"] = random.choice(RUNTIME_CLASSES)
    return manifest


def _existing_pod(random: Random) -> Manifest:
    manifest = _pod(random)
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": random.choice("xy")}
    manifest["metadata"] = {"name": random.choice(("cart-1", "cart-2", "b", "a", "ü", ""))}
    if random.random() < 0.5:
        owner["controller"] = random.choice((True, True, False, None))  # type: ignore[assignment] # JSON
        manifest["metadata"]["ownerReferences"] = [owner]
    return manifest


def _controller_request(random: Random) -> Manifest:
    group, kind, resource, place = random.choice(CONTROLLERS)
    subresource = _some(random, 0.1, ("scale", "status"))
    request = request_for(
        random, group, kind, resource, requestSubResource=subresource, subResource=subresource
    )
    template: Any = _pod(random)
    if random.random() < 0.1:
        template = None
    for step in reversed(place):
        template = {step: template}
        if random.random() < 0.02:
            template = {}
    request["object"] = _typed(random, f"{group}/v1".lstrip("/"), kind, template)
    return request


def _namespace_request(random: Random) -> Manifest:
    name = random.choice(("shop", "shop", "exempt-namespace"))
    subresource = _some(random, 0.05, ("status", "finalize"))
    request = request_for(
        random, "", "Namespace", "namespaces", name=name, namespace=name, requestSubResource=subresource
    )

    def written() -> Manifest:
        called = "other" if random.random() < 0.05 else name
        return _typed(random, "v1", "Namespace", {"metadata": {"name": called, "labels": labels(random)}})

    request["object"] = written()
    if request["operation"] == "UPDATE":
        request["oldObject"] = written()
        if random.random() < 0.3:  # only one label is another
            changed = dict(request["object"]["metadata"]["labels"] or {})
            changed[f"pod-security.kubernetes.io/{random.choice(MODES)}"] = random.choice(LEVELS)
            request["oldObject"]["metadata"]["labels"] = changed
    return request


def _typed(random: Random, api_version: str, kind: str, manifest: Manifest) -> Manifest:
    """An object says its kind; where it does not, that of the request holds."""
    return manifest if random.random() < 0.1 else {"apiVersion": api_version, "kind": kind, **manifest}


def _some(random: Random, share: float, values: tuple[str, ...]) -> str:
    return random.choice(values) if random.random() < share else ""


def _same(_random: Random, _manifest: Manifest) -> None:
    """Nothing of the pod changes."""


def _label(_random: Random, manifest: Manifest) -> None:
    manifest["metadata"] = {**(manifest["metadata"] or {}), "labels": {"new": "label"}}


def _image(random: Random, manifest: Manifest) -> None:
    for each in containers(manifest):
        if random.random() < 0.5:
            each["image"] = random.choice(("app:2", "", None))


def _one_more(random: Random, manifest: Manifest) -> None:
    kind = random.choice(("containers", "initContainers", "ephemeralContainers"))
    new = {"name": random.choice("abz")}
    manifest["spec"][kind] = [*(manifest["spec"].get(kind) or ()), new]


def _fewer(random: Random, manifest: Manifest) -> None:
    manifest["spec"].pop(random.choice(("containers", "initContainers", "ephemeralContainers")), None)


def _in_another_order(_random: Random, manifest: Manifest) -> None:
    for kind in ("containers", "ephemeralContainers"):
        if manifest["spec"].get(kind):
            manifest["spec"][kind].reverse()


def _insecure(_random: Random, manifest: Manifest) -> None:
    manifest["spec"]["hostPID"] = True


_UPDATES: tuple[Callable[[Random, Manifest], None], ...] = (
    _same,
    _label,
    _image,
    _one_more,
    _fewer,
    _in_another_order,
    _insecure,
)


def _other_object(random: Random, request: Manifest) -> None:
    """An object that is none of the request's kind."""
    request[random.choice(("object", "oldObject"))] = random.choice(OTHER_OBJECTS)


def _no_object(random: Random, request: Manifest) -> None:
    if request["resource"]["resource"] in ("pods", "namespaces"):
        request.pop(random.choice(("object", "oldObject")), None)


def _other_operation(random: Random, request: Manifest) -> None:
    request["operation"] = random.choice(("DELETE", "CONNECT", "create", ""))


def _other_resource(random: Random, request: Manifest) -> None:
    """A resource that holds no pod, or that is not the one of the kind."""
    group, resource = random.choice(
        (("", "services"), ("example.com", "pods"), ("", "pods"), ("apps", "namespaces"))
    )
    request["resource"] = {"group": group, "version": "v1", "resource": resource}


def _other_kind(random: Random, request: Manifest) -> None:
    group, kind = random.choice(
        (("", "Service"), ("example.com", "Pod"), ("", "Pod"), ("apps", "Deployment"))
    )
    request["kind"] = {"group": group, "version": "v1", "kind": kind}


OTHER_OBJECTS: tuple[Manifest, ...] = (
    {},
    {"apiVersion": "v1", "kind": "Pod"},
    {"apiVersion": "v1", "kind": "Namespace"},
    {"apiVersion": "v1", "kind": "Service"},
    {"apiVersion": "apps/v1", "kind": "Deployment"},
    {"apiVersion": "apps/v1beta1", "kind": "Deployment"},
    {"apiVersion": "example.com/v1", "kind": "Widget"},
)
"""Objects whose kind we know as the library does; ``tests/conformance/differences.py`` has others."""

_ODDITIES = (_other_object, _other_object, _no_object, _other_operation, _other_resource, _other_kind)
