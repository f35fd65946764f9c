"""A review as typed values: bytes are decoded once, here, and only the fields that decide anything.

Source: Kubernetes API reference, ``admission.k8s.io/v1`` AdmissionReview. As in Go's decoding, a field
that is ``null`` is a field that is absent, and text that is absent is empty.
"""

from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from webhook.policy.pod import UNREADABLE

Name = Annotated[str, Meta(max_length=1024)]
"""A name that Kubernetes knows a limit for: the longest is a label's key, of 317 characters."""


class Kind(NamedTuple):
    """A kind of object: ``Kind("apps", "v1", "Deployment")``."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """Group and version as objects write them: ``apps/v1``, ``v1``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The kind as errors of the API server call it: ``Deployment.apps``, ``Pod``."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def is_known(self) -> bool:
        """Whether reviews are about objects of such kinds: core, apps and batch."""
        return bool(self.kind) and (self.group, self.version) in _KNOWN_VERSIONS

    def __str__(self) -> str:
        return f"{self.group}/{self.version}, Kind={self.kind}"

    def or_as_written(self, api_version: str | None, kind: str | None) -> "Kind":
        """The kind that an object claims for itself, where it claims one."""
        group, _, version = (api_version or "").rpartition("/")
        if not group and not version:
            group, version = self.group, self.version
        return Kind(group, version, kind or self.kind)


class Request(NamedTuple):
    """One admission request. The objects are left as they came: most are never looked at."""

    uid: str
    kind: Kind
    group: str
    resource: str
    subresource: str
    name: str
    namespace: str
    operation: str
    user: str
    dry_run: bool
    object: Raw
    old_object: Raw


class NotAReview(ValueError):
    """The bytes are no review that can be answered; the text is for the client, the cause for the log."""


REVIEW: Final = Kind("admission.k8s.io", "v1", "AdmissionReview")

_KNOWN_VERSIONS: Final = frozenset({("", "v1"), ("apps", "v1"), ("batch", "v1")})


class _Kind(Struct, frozen=True, gc=False):
    group: Name | None = None
    version: Name | None = None
    kind: Name | None = None


class _Resource(Struct, frozen=True, gc=False):
    group: Name | None = None
    resource: Name | None = None


class _User(Struct, frozen=True, gc=False):
    username: str | None = None


class _Request(Struct, frozen=True, gc=False, rename="camel"):
    uid: Name | None = None
    kind: _Kind | None = None
    resource: _Resource | None = None
    # The subresource as it was asked for; upstream looks at no other.
    request_sub_resource: Name | None = None
    name: Name | None = None
    namespace: Name | None = None
    operation: Name | None = None
    user_info: _User | None = None
    dry_run: bool | None = None
    object: Raw = Raw()
    old_object: Raw = Raw()


class _Review(Struct, frozen=True, gc=False, rename="camel"):
    api_version: Name | None = None
    kind: Name | None = None
    request: _Request | None = None


_decoder = msgspec.json.Decoder(_Review)
_NO_KIND: Final = _Kind()
_NO_RESOURCE: Final = _Resource()
_NO_USER: Final = _User()


def decode_review(body: bytes) -> Request:
    """The request in the AdmissionReview that *body* is. Raises NotAReview, with upstream's words."""
    try:
        review = _decoder.decode(body)
    except UNREADABLE as error:
        raise NotAReview("unable to decode the request") from error
    kind = REVIEW.or_as_written(review.api_version, review.kind)
    if kind != REVIEW:
        if kind.is_known:
            raise NotAReview(f"unexpected AdmissionReview kind: {kind}")
        raise NotAReview("unable to decode the request") from ValueError(f"no such kind: {kind}")
    if review.request is None:
        raise NotAReview("unable to decode the request: it has no request")
    if not review.request.uid:
        raise NotAReview("unable to decode the request: request.uid is missing")
    return _request(review.request)


def _request(written: _Request) -> Request:
    kind = written.kind or _NO_KIND
    resource = written.resource or _NO_RESOURCE
    return Request(
        uid=written.uid or "",
        kind=Kind(kind.group or "", kind.version or "", kind.kind or ""),
        group=resource.group or "",
        resource=resource.resource or "",
        subresource=written.request_sub_resource or "",
        name=written.name or "",
        namespace=written.namespace or "",
        operation=written.operation or "",
        user=(written.user_info or _NO_USER).username or "",
        dry_run=bool(written.dry_run),
        object=written.object,
        old_object=written.old_object,
    )
