"""What a scalar means to Kubernetes: YAML 1.1 as go-yaml v2 reads it, JSON as ``sigs.k8s.io/yaml`` writes it.

Source: module ``go.yaml.in/yaml/v2``, files ``resolve.go`` and ``decode.go``; module ``sigs.k8s.io/yaml``,
``convertToJSONableObject``. Held to them by the differential test in ``tests/conformance``.
"""

import binascii
import math
import re
from datetime import UTC, datetime
from typing import Final

from webhook.manifests.numbers import LARGEST_INT64, as_json, as_key, integer_of, real_of

Scalar = str | int | float | bool | None

_STANDARD: Final = "tag:yaml.org,2002:"
MERGE: Final = _STANDARD + "merge"
_BINARY: Final = _STANDARD + "binary"
_TEXT: Final = _STANDARD + "str"
_TIMESTAMP: Final = _STANDARD + "timestamp"
_TYPES: Final[dict[str, type]] = {
    _STANDARD + "null": type(None),
    _STANDARD + "bool": bool,
    _STANDARD + "int": int,
    _STANDARD + "float": float,
}

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
_BEGINS_A_NUMBER: Final = frozenset("+-.0123456789")
_MOMENT: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt](?=.*[Z+-])| ++(?!.*[Z+-]))(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))?)?"
)
# What Go takes for an offset from Greenwich.
_HOURS: Final = 24
_MINUTES: Final = 60


class UnfitScalar(ValueError):
    """A scalar that is not what its tag says, or that JSON cannot hold; the message is for its author."""


def plain(text: str) -> Scalar:
    """What *text* means, written without quotes and without a tag."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINS_A_NUMBER:
        return text
    number: int | float | None = None if text[0] == "." else integer_of(text.replace("_", ""))
    if number is None:
        number = real_of(text)
    return text if number is None else number


def tagged(text: str, tag: str) -> Scalar:
    """What *text* means under *tag*. Raises UnfitScalar when it is not what the tag says."""
    if tag == _BINARY:
        return _decoded(text)
    if tag == _TIMESTAMP and _is_moment(text):
        return text
    if tag not in _TYPES and tag != _TIMESTAMP:
        return text
    value = plain(text)
    wanted = _TYPES.get(tag)
    if wanted is float and type(value) is int and value <= LARGEST_INT64:
        return float(value)
    if wanted is not type(value):
        raise UnfitScalar(f'"{text}" is not what its tag !!{tag.removeprefix(_STANDARD)} says')
    return value


def _decoded(text: str) -> str:
    try:
        content = binascii.a2b_base64(text.replace("\n", "").replace("\r", ""), strict_mode=True)
    except ValueError as error:
        raise UnfitScalar("what is tagged !!binary is not base64") from error
    # As Go writes JSON: every byte that is not UTF-8 becomes a replacement character of its own.
    return re.sub("[\udc80-\udcff]", "\ufffd", content.decode("utf-8", "surrogateescape"))


def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return False
    parts = [int(each or 0) for each in found.groups()]
    year, month, day, hour, minute, second, zone_hours, zone_minutes = parts
    try:
        # Go knows a year 0, which was a leap year, as 2000 was.
        datetime(year or 2000, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return False
    return zone_hours <= _HOURS and zone_minutes <= _MINUTES


def value_of(scalar: Scalar) -> Scalar:
    """The JSON value that *scalar* becomes. Raises UnfitScalar for infinities and what is not a number."""
    if type(scalar) is not float:
        return scalar
    if not math.isfinite(scalar):
        raise UnfitScalar(f"JSON has no {as_key(scalar)}: put it in quotes if it is a text")
    return as_json(scalar)


def key_of(scalar: Scalar) -> str:
    """The JSON key that *scalar* becomes. Raises UnfitScalar for one that Kubernetes does not take."""
    if type(scalar) is str:
        return scalar
    if scalar is None:
        raise UnfitScalar("a key is null: put it in quotes if it is a text")
    if scalar is True or scalar is False:
        return "true" if scalar else "false"
    if type(scalar) is float:
        return as_key(scalar)
    if scalar > LARGEST_INT64:  # type: ignore[operator] # an int is all that is left
        raise UnfitScalar(f"the key {scalar} is too large a number: put it in quotes")
    return str(scalar)
