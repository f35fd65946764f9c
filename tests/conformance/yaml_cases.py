"""YAML texts, what we make of them, and how that may differ from what Kubernetes' own library does."""

import math
from typing import Any, NamedTuple

from webhook.manifests import jsontext
from webhook.manifests.chunks import chunks
from webhook.manifests.encodings import as_utf8, text_of
from webhook.manifests.malformed import Malformed
from webhook.manifests.readers import values

Verdict = dict[str, Any]


class Ours(NamedTuple):
    """What we make of a text: the first document, or why we refuse that; or why we refuse what follows it."""

    value: Any = None
    refusal: str | None = None
    later_refusal: str | None = None


def ours(data: bytes) -> Ours:
    """What we make of *data*."""
    found: list[Any] = []
    try:
        for chunk in chunks(as_utf8(iter([data]))):
            assert chunk.data is not None
            for value in values(text_of(chunk.data)):
                found.append(value.content)  # noqa: PERF401 - those before a refusal count
    except Malformed as malformed:
        return Ours(found[0], None, str(malformed)) if found else Ours(None, str(malformed))
    return Ours(found[0] if found else None)


def is_json(text: str) -> bool:
    """Whether *text* begins with a JSON object."""
    if not text.lstrip(" \t\r\n").startswith("{"):
        return False
    try:
        next(jsontext.documents(text), None)
    except Malformed:
        return False
    return True


def disagreement(data: bytes, verdict: Verdict) -> str | None:
    """How we differ from the library's *verdict* on *data*, other than we mean to."""
    value, refusal, later_refusal = ours(data)
    if "error" in verdict:
        # Go looks ahead, and may refuse the first document for what follows it.
        return None if refusal or later_refusal else f"they refuse it ({verdict['error']}), we read {value!r}"
    if refusal is not None:
        if "later" in verdict or _is_refused_on_purpose(data, refusal, verdict):
            return None
        return f"they read {verdict['value']!r}, we refuse it ({refusal})"
    if not is_same(value, verdict["value"]):
        return f"they read {verdict['value']!r}, we read {value!r}"
    # Where a merged key is written out as well, the strict reader finds it twice; kubectl takes one of them.
    if "strict" in verdict and b"<<" not in data:
        return f"their strict reader refuses it ({verdict['strict']}), we read {value!r}"
    return None


def _is_refused_on_purpose(data: bytes, refusal: str, verdict: Verdict) -> bool:
    """What we refuse although Kubernetes reads something: it cannot be what the author meant."""
    return (
        # One key twice, to the strict reader and to us; or two that differ in YAML and not in JSON.
        "already set" in verdict.get("strict", "")
        or "is already set" in refusal
        # Half a mapping in brackets: {a:} is the key "a:" to Go.
        or "a colon must be followed by a space" in refusal
        # A lone ! before a bracket or a comma: not even a tag.
        or "expected whitespace" in refusal
        # A bracket inside of a tag, as in !![str: a part of its name to Go.
        or "expected tag URI" in refusal
        # A byte order mark at the beginning of a line: a part of the key to Go.
        or ("byte order mark" in refusal and b"\xef\xbb\xbf" in data)
    )


def is_same(ours: Any, theirs: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether two JSON values are equal, with 1, 1.5 and true being of different types."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(is_same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(is_same, ours, theirs))
    return bool(ours == theirs) and not (isinstance(ours, float) and math.isnan(ours))
