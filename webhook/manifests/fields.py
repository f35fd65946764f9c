"""The fields of a manifest, each held to the type that Kubernetes gives it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from webhook.manifests.fields_known import shape_of
from webhook.manifests.fields_shapes import FieldError

MOST: Final = 100
"""Errors reported of one manifest; kubectl stops there too."""


def type_errors(manifest: Any, api_version: str, kind: str) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON
    """The fields of *manifest* that Kubernetes would not decode or does not know, in the order written.

    Raises UnknownKind. Source: strict field validation, which kubectl asks of the API server:
    Kubernetes documentation, "Kubernetes API Concepts", section "Field validation".
    """
    return islice(shape_of(api_version, kind).errors(manifest, ()), MOST)
