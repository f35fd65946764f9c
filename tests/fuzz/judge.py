"""A second opinion on every yes: slow, simple, and without a line of the program's own.

It reads the review with Python's ``json`` and holds the pod to the restricted standard as the documentation
has it. It need not explain a no: whoever is refused loses nothing here. What it does not understand must not
have been let in.
Source: Kubernetes documentation, "Pod Security Standards" and "Pod Security Admission".
"""

import json
from collections.abc import Iterator
from typing import Any

EXEMPT_USER = "system:exempt"
EXEMPT_NAMESPACE = "kube-system"
EXEMPT_RUNTIME_CLASS = "exempt-class"
RESTRICTED_NAMESPACE = "shop"
OPEN_NAMESPACE = "open"

HARMLESS_SUBRESOURCES = {
    "attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "status",
}  # fmt: skip
VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
    "projected", "secret",
}  # fmt: skip
SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
}  # fmt: skip
SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
PROFILES = {"RuntimeDefault", "Localhost"}
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
MODES = ("enforce", "audit", "warn")
LEVELS = {"privileged", "baseline", "restricted"}


class NotUnderstood(Exception):
    """Nothing of this kind may be let in."""


Object = dict[str, Any]


def may_be_allowed(body: bytes) -> bool:
    """Whether a yes to *body* can be defended. Raises NotUnderstood."""
    review = _object(_read(body))
    if _version(review, "admission.k8s.io/v1") != "admission.k8s.io/v1":
        raise NotUnderstood("apiVersion")
    if (_text(review, "kind") or "AdmissionReview") != "AdmissionReview":
        raise NotUnderstood("kind")
    request = _member(review, "request")
    if not _text(request, "uid"):
        raise NotUnderstood("uid")
    _flag(request, "dryRun")
    resource = _member(request, "resource")
    about = (_text(resource, "group"), _text(resource, "resource"))
    if about == ("", "pods"):
        return _pod_may(request)
    if about == ("", "namespaces"):
        return _namespace_may(request)
    # Controllers are never refused; their pods are.
    return True


def uid_of(body: bytes) -> str:
    """The uid that the answer has to repeat."""
    return _text(_member(_object(_read(body)), "request"), "uid")


def _pod_may(request: Object) -> bool:
    if _text(request, "requestSubResource") in HARMLESS_SUBRESOURCES:
        return True
    namespace = _text(request, "namespace")
    if namespace == EXEMPT_NAMESPACE or _text(_member(request, "userInfo"), "username") == EXEMPT_USER:
        return True
    if namespace == OPEN_NAMESPACE:
        return True
    if namespace != RESTRICTED_NAMESPACE:
        raise NotUnderstood("nobody knows that namespace")
    pod = _of_kind(request, "object", "Pod")
    if _text(request, "operation") == "UPDATE" and not _is_significant(
        pod, _of_kind(request, "oldObject", "Pod")
    ):
        return True
    spec = _member(pod, "spec")
    if _text(spec, "runtimeClassName") == EXEMPT_RUNTIME_CLASS:
        return True
    return not list(_flaws(pod, spec))


def _is_significant(new: Object, old: Object) -> bool:
    def images(pod: Object, name: str) -> list[str]:
        return [_text(each, "image") for each in _objects(_member(pod, "spec"), name)]

    if any(images(new, name) != images(old, name) for name in ("containers", "initContainers")):
        return True
    before = [
        (_text(each, "name"), _text(each, "image"))
        for each in _objects(_member(old, "spec"), "ephemeralContainers")
    ]
    # One that has no image is as good as one that is not there.
    return any(
        (_text(each, "name"), _text(each, "image")) not in before and _text(each, "image") != ""
        for each in _objects(_member(new, "spec"), "ephemeralContainers")
    )


def _namespace_may(request: Object) -> bool:
    if _text(request, "requestSubResource"):
        return True
    labels = _labels(_of_kind(request, "object", "Namespace"))
    operation = _text(request, "operation")
    if operation == "CREATE":
        return not _bad(labels)
    if operation == "UPDATE":
        before = _labels(_of_kind(request, "oldObject", "Namespace"))
        return not _bad(labels) or _bad(labels) == _bad(before)
    return True


def _labels(namespace: Object) -> dict[str, str]:
    labels = _member(_member(namespace, "metadata"), "labels")
    return {key: _text(labels, key) for key in labels}


def _bad(labels: dict[str, str]) -> dict[str, str]:
    """The labels of ours that say nothing."""
    bad = {}
    for mode in MODES:
        key = f"pod-security.kubernetes.io/{mode}"
        if key in labels and labels[key] not in LEVELS:
            bad[key] = labels[key]
        key += "-version"
        if key in labels and not _is_version(labels[key]):
            bad[key] = labels[key]
    return bad


def _is_version(text: str) -> bool:
    if text == "latest":
        return True
    number = text.removeprefix("v1.")
    if number == text or not number.isascii() or not number.isdigit():
        return False
    return (number == "0" or number[0] != "0") and int(number) < 2**63


def _of_kind(request: Object, name: str, kind: str) -> Object:
    """The object called *name*: it must be there, and of *kind* by its own word or the request's."""
    if request.get(name) is None:
        raise NotUnderstood(f"no {name}")
    found = _member(request, name)
    asked = _member(request, "kind")
    group_version = f"{_text(asked, 'group')}/{_text(asked, 'version')}".lstrip("/")
    if _version(found, group_version).lstrip("/") != "v1":
        raise NotUnderstood("another version")
    if (_text(found, "kind") or _text(asked, "kind")) != kind:
        raise NotUnderstood("another kind")
    return found


def _version(written: Object, otherwise: str) -> str:
    """The version that an object claims for itself. Source: Go's ``schema.ParseGroupVersion``."""
    version = _text(written, "apiVersion")
    return otherwise if version in {"", "/"} else version


def _flaws(pod: Object, spec: Object) -> Iterator[str]:
    """What the restricted standard has against *pod*."""
    pods_own = _member(spec, "securityContext")
    yield from _flaws_of_the_pod(pod, spec, pods_own)
    is_windows = _text(_member(spec, "os"), "name") == "windows"
    has_own_users = _flag(spec, "hostUsers") is False
    containers = [
        each
        for name in ("initContainers", "containers", "ephemeralContainers")
        for each in _objects(spec, name)
    ]
    contexts = [_member(each, "securityContext") for each in containers]
    for context in (pods_own, *contexts):
        yield from _flaws_of_a_context(context, has_own_users=has_own_users)
    for container, context in zip(containers, contexts, strict=True):
        yield from _flaws_of_a_container(container, context)
        if not has_own_users and not _inherited(context, pods_own, "runAsNonRoot"):
            yield "runAsNonRoot"
        if not is_windows:
            yield from _flaws_on_linux(context)
            if _text(_object(_inherited(context, pods_own, "seccompProfile") or {}), "type") not in PROFILES:
                yield "seccompProfile"


def _flaws_of_the_pod(pod: Object, spec: Object, context: Object) -> Iterator[str]:
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if _flag(spec, name):
            yield name
    annotations = _member(_member(pod, "metadata"), "annotations")
    for key in annotations:
        profile = _text(annotations, key)
        is_known = profile in {"", "runtime/default"} or profile.startswith("localhost/")
        if key.startswith(APP_ARMOR) and not is_known:
            yield key
    for volume in _objects(spec, "volumes"):
        if not any(volume.get(each) is not None for each in VOLUMES):
            yield "volume"
    for each in _objects(context, "sysctls"):
        if _text(each, "name") not in SYSCTLS:
            yield "sysctl"


def _flaws_of_a_context(context: Object, *, has_own_users: bool) -> Iterator[str]:
    if _flag(_member(context, "windowsOptions"), "hostProcess"):
        yield "hostProcess"
    options = _member(context, "seLinuxOptions")
    if _text(options, "type") not in SELINUX_TYPES or _text(options, "user") or _text(options, "role"):
        yield "seLinuxOptions"
    if context.get("appArmorProfile") is not None and (
        _text(_member(context, "appArmorProfile"), "type") not in PROFILES
    ):
        yield "appArmorProfile"
    if _number(context, "runAsUser") == 0 and not has_own_users:
        yield "runAsUser"
    if _flag(context, "runAsNonRoot") is False and not has_own_users:
        yield "runAsNonRoot"


def _flaws_of_a_container(container: Object, context: Object) -> Iterator[str]:
    if _flag(context, "privileged"):
        yield "privileged"
    if context.get("procMount") is not None and _text(context, "procMount") != "Default":
        yield "procMount"
    for port in _objects(container, "ports"):
        if _number(port, "hostPort"):
            yield "hostPort"
    lifecycle = _member(container, "lifecycle")
    handlers = [_member(container, name) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
    handlers += [_member(lifecycle, name) for name in ("postStart", "preStop")]
    for handler in handlers:
        for action in ("httpGet", "tcpSocket"):
            if _text(_member(handler, action), "host"):
                yield "host"


def _flaws_on_linux(context: Object) -> Iterator[str]:
    if _flag(context, "allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation"
    capabilities = _member(context, "capabilities")
    if "ALL" not in _list(capabilities, "drop"):
        yield "drop"
    if any(each != "NET_BIND_SERVICE" for each in _list(capabilities, "add")):
        yield "add"


def _inherited(own: Object, pods: Object, name: str) -> Any:  # noqa: ANN401 - any JSON
    return pods.get(name) if own.get(name) is None else own[name]


def _read(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        # What nobody looks at may be no text, as in Go's decoding.
        return json.loads(body.decode("utf-8", "replace"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(str(error)) from error


def _no_number(word: str) -> None:
    raise NotUnderstood(word)


def _object(value: Any) -> Object:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        raise NotUnderstood("no object")
    return value


def _member(owner: Object, name: str) -> Object:
    return _object({} if owner.get(name) is None else owner[name])


def _list(owner: Object, name: str) -> list[Any]:
    value = owner.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotUnderstood(f"{name} is no list")
    return value


def _objects(owner: Object, name: str) -> list[Object]:
    return [_object({} if each is None else each) for each in _list(owner, name)]


def _text(owner: Object, name: str) -> str:
    value = owner.get(name)
    if value is not None and not isinstance(value, str):
        raise NotUnderstood(f"{name} is no text")
    return value or ""


def _flag(owner: Object, name: str) -> bool | None:
    value = owner.get(name)
    if value is not None and not isinstance(value, bool):
        raise NotUnderstood(f"{name} is neither true nor false")
    return value


def _number(owner: Object, name: str) -> int | None:
    value = owner.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise NotUnderstood(f"{name} is no whole number")
    return value
