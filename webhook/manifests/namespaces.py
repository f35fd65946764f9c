"""A cluster that is made of manifests: its namespaces, and the pods in them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from webhook.admission.cluster import NamespaceNotFound
from webhook.manifests.defaults import with_defaults
from webhook.manifests.document import Document, Unreadable
from webhook.manifests.fields import type_errors
from webhook.manifests.reading import read
from webhook.policy.path import Path
from webhook.policy.pod import MalformedObject, Pod, pod_from

_NAMESPACE: Final = ("v1", "Namespace")
_POD: Final = ("v1", "Pod")
# Where Kubernetes puts a pod that names no namespace.
_DEFAULT: Final = "default"


class UnfitManifests(ValueError):
    """Manifests that make no cluster; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[Unreadable]) -> None:
        super().__init__("\n".join(f"{file}:{line}: {message}" for file, line, message in problems))
        self.problems = tuple(problems)


class ClusterOfManifests:
    """Namespaces with their labels and pods, as manifests have them; it never changes."""

    def __init__(self, labels: Mapping[str, Mapping[str, str]], pods: Mapping[str, Sequence[Pod]]) -> None:
        self._labels = labels
        self._pods = pods

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """The labels of *namespace*. Raises NamespaceNotFound."""
        try:
            return self._labels[namespace]
        except KeyError:
            raise NamespaceNotFound(namespace) from None

    def pods_in(self, namespace: str, deadline: float) -> Sequence[Pod]:  # noqa: ARG002 - nothing takes time here
        """The pods of *namespace*, in the order of the manifests."""
        return self._pods.get(namespace, ())


def cluster_in(path: str) -> ClusterOfManifests:
    """The cluster in the file or folder *path*. Raises UnfitManifests."""
    return cluster_of(read([path]))


def cluster_of(manifests: Iterable[Document | Unreadable]) -> ClusterOfManifests:
    """The cluster that *manifests* are; other objects than namespaces and pods are no part of it.

    Raises UnfitManifests: a namespace that is not known as it was meant would be judged wrongly.
    """
    labels: dict[str, Mapping[str, str]] = {}
    pods: dict[str, list[Pod]] = {}
    problems: list[Unreadable] = []
    for each in manifests:
        if isinstance(each, Unreadable):
            problems.append(each)
            continue
        kind = (each.object["apiVersion"], each.object["kind"])
        try:
            if kind == _NAMESPACE:
                _add_namespace(each, labels)
            elif kind == _POD:
                pod = _pod_in(each)
                pods.setdefault(_namespace_of(each), []).append(pod)
        except UnfitManifests as error:
            problems += error.problems
    if problems:
        raise UnfitManifests(problems)
    return ClusterOfManifests(labels, pods)


def _add_namespace(document: Document, labels: dict[str, Mapping[str, str]]) -> None:
    name = _metadata(document).get("name")
    if not isinstance(name, str) or not name:
        raise _unfit(document, ("metadata", "name"), "metadata.name must be the name of the namespace")
    if name in labels:
        raise _unfit(document, ("metadata", "name"), f"the namespace {name} is already there")
    labels[name] = _labels(document)


def _labels(document: Document) -> Mapping[str, str]:
    path = ("metadata", "labels")
    labels = _metadata(document).get("labels")
    if labels is None:
        return {}
    if not isinstance(labels, dict):
        raise _unfit(document, path, "metadata.labels must be a mapping")
    for key, value in labels.items():
        if not isinstance(value, str | None):
            raise _unfit(document, (*path, key), f"the label {key} must be a text: put its value in quotes")
    return {key: value or "" for key, value in labels.items()}


def _pod_in(document: Document) -> Pod:
    errors = list(type_errors(document.object, *_POD))
    if errors:
        raise UnfitManifests([_at(document, error.path, str(error)) for error in errors])
    try:
        return pod_from(with_defaults(document.object, *_POD).manifest)
    except MalformedObject as error:
        raise _unfit(document, (), str(error)) from error


def _namespace_of(document: Document) -> str:
    return _metadata(document).get("namespace") or _DEFAULT


def _metadata(document: Document) -> Mapping[str, Any]:
    metadata = document.object.get("metadata")
    if not isinstance(metadata, dict | None):
        raise _unfit(document, ("metadata",), "metadata must be a mapping")
    return metadata or {}


def _unfit(document: Document, path: Path, message: str) -> UnfitManifests:
    return UnfitManifests([_at(document, path, message)])


def _at(document: Document, path: Path, message: str) -> Unreadable:
    return Unreadable(document.file, document.line_of(path), message)
