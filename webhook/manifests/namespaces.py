"""A cluster that is made of manifests: its namespaces, and the pods in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from webhook.admission.cluster import NamespaceNotFound
from webhook.manifests.defaults import with_defaults
from webhook.manifests.document import Document, Unreadable
from webhook.manifests.fields import type_errors
from webhook.manifests.namespace_labels import label_errors
from webhook.manifests.reading import read
from webhook.nodes.inventory import NOTHING, Snapshot
from webhook.policy.path import Path
from webhook.policy.pod import MalformedObject, Pod, pod_from

_NAMESPACE: Final = ("v1", "Namespace")
_POD: Final = ("v1", "Pod")
# Where Kubernetes puts a pod that names no namespace.
_DEFAULT: Final = "default"
_NO_NAMESPACE: Final = (
    "no Namespace in here, so every pod would be refused: add one (apiVersion: v1, kind: Namespace)"
)


class UnfitManifests(ValueError):
    """Manifests that make no cluster; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[Unreadable]) -> None:
        super().__init__("\n".join(f"{file}:{line}: {message}" for file, line, message in problems))
        self.problems = tuple(problems)


class ClusterOfManifests:
    """Namespaces with their labels and pods, as manifests have them; it never changes.

    ``doubts`` are labels that Pod Security does not read as they seem to be meant: they count as they would
    in a cluster.
    """

    def __init__(
        self,
        labels: Mapping[str, Mapping[str, str]],
        pods: Mapping[str, Sequence[Pod]],
        doubts: Sequence[Unreadable] = (),
    ) -> None:
        self.doubts = tuple(doubts)
        self._labels = labels
        self._pods = pods

    def labels_of(self, namespace: str, deadline: float | None = None) -> Mapping[str, str]:  # noqa: ARG002 - nothing takes time here
        """The labels of *namespace*. Raises NamespaceNotFound."""
        try:
            return self._labels[namespace]
        except KeyError:
            raise NamespaceNotFound(namespace) from None

    def inventory(self) -> Snapshot:
        """The nodes: manifests say nothing of them."""
        return NOTHING

    def pods_in(self, namespace: str, deadline: float) -> Sequence[Pod]:  # noqa: ARG002 - nothing takes time here
        """The pods of *namespace*, in the order of the manifests."""
        return self._pods.get(namespace, ())


def cluster_in(path: str) -> ClusterOfManifests:
    """The cluster in the file or folder *path*; other objects than namespaces and pods are no part of it.

    Raises UnfitManifests: a namespace that is not known as it was meant would be judged wrongly.
    """
    labels, pods, doubts = _namespaces_and_pods(read([path]))
    if not labels:
        raise UnfitManifests([Unreadable(path, None, _NO_NAMESPACE)])
    return ClusterOfManifests(labels, pods, doubts)


def _namespaces_and_pods(
    manifests: Iterable[Document | Unreadable],
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Sequence[Pod]], Sequence[Unreadable]]:
    """The namespaces with their labels, the pods in them, and the doubts. Raises UnfitManifests."""
    doubts: list[Unreadable] = []
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
                doubts += _add_namespace(each, labels)
            elif kind == _POD:
                pod = _pod_in(each)
                pods.setdefault(_namespace_of(each), []).append(pod)
        except UnfitManifests as error:
            problems += error.problems
    if problems:
        raise UnfitManifests(problems)
    return labels, pods, doubts


def _add_namespace(document: Document, labels: dict[str, Mapping[str, str]]) -> Iterator[Unreadable]:
    """Add the namespace; yield what is doubtful about its labels."""
    _refuse_wrong_fields(document, _NAMESPACE)
    name = _metadata(document).get("name")
    if not name:
        raise _unfit(document, ("metadata", "name"), "metadata.name must be the name of the namespace")
    if name in labels:
        raise _unfit(document, ("metadata", "name"), f"the namespace {name} is already there")
    labels[name] = {key: value or "" for key, value in (_metadata(document).get("labels") or {}).items()}
    for key, problem in label_errors(labels[name]):
        yield _at(document, ("metadata", "labels", key), problem)


def _pod_in(document: Document) -> Pod:
    _refuse_wrong_fields(document, _POD)
    try:
        return pod_from(with_defaults(document.object, *_POD).manifest)
    except MalformedObject as error:
        raise _unfit(document, (), str(error)) from error


def _refuse_wrong_fields(document: Document, kind: tuple[str, str]) -> None:
    if errors := list(type_errors(document.object, *kind)):
        raise UnfitManifests([_at(document, error.path, str(error)) for error in errors])


def _namespace_of(document: Document) -> str:
    return _metadata(document).get("namespace") or _DEFAULT


def _metadata(document: Document) -> Mapping[str, Any]:
    return document.object.get("metadata") or {}


def _unfit(document: Document, path: Path, message: str) -> UnfitManifests:
    return UnfitManifests([_at(document, path, message)])


def _at(document: Document, path: Path, message: str) -> Unreadable:
    return Unreadable(document.file, document.line_of(path), message)
