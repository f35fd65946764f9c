"""The objects that a request carries, decoded when a decision needs them."""

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec
from msgspec import Raw, Struct

from webhook.admission.request import Kind, Name
from webhook.policy.core_v1 import PodObject
from webhook.policy.pod import UNREADABLE, MalformedObject, Pod
from webhook.policy.quoting import go_quoted
from webhook.policy.workloads import Placed, Workloads

POD: Final = Kind("", "v1", "Pod")
NAMESPACE: Final = Kind("", "v1", "Namespace")
SERVICE_ACCOUNT: Final = Kind("", "v1", "ServiceAccount")

_NULL: Final = Raw(b"null")
# A field of an object that the API server accepts takes some thirty bytes, one made to be small takes three.
_MOST_COMMAS: Final = 500_000


class Undecodable(ValueError):
    """There is no object of the kind asked for: ``what`` could not be decoded, ``cause`` says why."""

    def __init__(self, what: str, cause: str = "") -> None:
        super().__init__(f"{what}: {cause}" if cause else what)
        self.what = what
        self.cause = cause


class NoTemplate(ValueError):
    """The object is of a kind that holds no pod, or there is none."""


class Namespace(Struct, frozen=True, gc=False):
    """What a decision needs of a Namespace object."""

    name: str
    labels: Mapping[str, str]


class ServiceAccount(Struct, frozen=True, gc=False):
    """What a decision needs of a ServiceAccount object."""

    labels: Mapping[str, str]
    automount: bool | None


class _Head(Struct, frozen=True, gc=False, rename="camel"):
    api_version: Name | None = None
    kind: Name | None = None


class _Pod(PodObject, frozen=True, gc=False, rename="camel"):
    api_version: Name | None = None
    kind: Name | None = None


class _LabeledMetadata(Struct, frozen=True, gc=False):
    name: Name | None = None
    labels: dict[str, Name | None] | None = None

    def texts(self) -> dict[str, str]:
        """The labels; one that is null is empty."""
        return {key: value or "" for key, value in (self.labels or {}).items()}


class _Namespace(Struct, frozen=True, gc=False, rename="camel"):
    api_version: Name | None = None
    kind: Name | None = None
    metadata: _LabeledMetadata | None = None


class _ServiceAccount(Struct, frozen=True, gc=False, rename="camel"):
    api_version: Name | None = None
    kind: Name | None = None
    metadata: _LabeledMetadata | None = None
    automount_service_account_token: bool | None = None


_Object = TypeVar("_Object", _Pod, _Namespace, _ServiceAccount)

_heads = msgspec.json.Decoder(_Head)
_pods = msgspec.json.Decoder(_Pod)
_namespaces = msgspec.json.Decoder(_Namespace)
_service_accounts = msgspec.json.Decoder(_ServiceAccount)
_NO_METADATA: Final = _LabeledMetadata()


def pod_in(document: Raw, default: Kind) -> Pod:
    """The pod that *document* is; one that names no kind is of kind *default*.

    Raises Undecodable where it is no pod, MalformedObject where a field has a wrong type.
    """
    return Pod(_decoded(document, default, _pods, POD))


def namespace_in(document: Raw, default: Kind) -> Namespace:
    """The namespace that *document* is; as ``pod_in``."""
    metadata = _decoded(document, default, _namespaces, NAMESPACE).metadata or _NO_METADATA
    return Namespace(metadata.name or "", metadata.texts())


def service_account_in(document: Raw, default: Kind) -> ServiceAccount:
    """The service account that *document* is; as ``pod_in``."""
    decoded = _decoded(document, default, _service_accounts, SERVICE_ACCOUNT)
    metadata = decoded.metadata or _NO_METADATA
    return ServiceAccount(metadata.texts(), decoded.automount_service_account_token)


def workload_in(document: Raw, default: Kind, workloads: Workloads) -> tuple[Placed, ...]:
    """The pods inside the workload that *document* is; none where an optional template is absent.

    Raises Undecodable, NoTemplate where the kind has no place for a pod, and MalformedObject.
    """
    if _is_absent(document):
        raise NoTemplate("the request has no object")
    kind = _kind_of(document, default)
    if not workloads.holds(kind.api_version, kind.kind):
        if kind.is_known:
            raise NoTemplate(f"unexpected object type: {kind}")
        raise Undecodable("object", _not_registered(kind))
    _refuse_crowd(document)
    return workloads.decode(kind.api_version, kind.kind, document)


def _decoded(document: Raw, default: Kind, decoder: "msgspec.json.Decoder[_Object]", wanted: Kind) -> _Object:
    if _is_absent(document):
        raise Undecodable(wanted.kind.lower())
    _refuse_crowd(document)
    try:
        decoded = decoder.decode(document)
    except UNREADABLE as error:
        _refuse_others(_kind_of(document, default), wanted)
        if not isinstance(error, msgspec.ValidationError):
            raise Undecodable("object", str(error)) from error
        raise MalformedObject.from_decoder(error) from error
    _refuse_others(default.or_as_written(decoded.api_version, decoded.kind), wanted)
    return decoded


def _refuse_crowd(document: Raw) -> None:
    """Raise MalformedObject for what would take too much memory when decoded."""
    if len(memoryview(document)) > _MOST_COMMAS and bytes(document).count(b",") > _MOST_COMMAS:
        raise MalformedObject("", f"must not have more than {_MOST_COMMAS:,} fields and items")


def _is_absent(document: Raw) -> bool:
    return not document or document == _NULL


def _kind_of(document: Raw, default: Kind) -> Kind:
    try:
        head = _heads.decode(document)
    except UNREADABLE as error:
        raise Undecodable("object", str(error)) from error
    return default.or_as_written(head.api_version, head.kind)


def _refuse_others(kind: Kind, wanted: Kind) -> None:
    if kind == wanted:
        return
    if kind.is_known:
        raise Undecodable(wanted.kind.lower())
    raise Undecodable("object", _not_registered(kind))


def _not_registered(kind: Kind) -> str:
    return f"no kind {go_quoted(kind.kind)} is registered for version {go_quoted(kind.api_version)}"
