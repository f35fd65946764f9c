"""Manifests with one field each: every field that Kubernetes knows, holding what it may and may not hold."""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from webhook.manifests.fields import FieldError, type_errors
from webhook.manifests.fields_known import known
from webhook.policy.path import Path

UNKNOWN = "unknown"
"""In place of a type: Kubernetes has no such field."""

VALUES_OF_ALL_TYPES: tuple[Any, ...] = (
    *(None, True, False),
    *(0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30),
    *(1.0, -0.0, 1.5, 1e3, 1e22, 5e-324, 1.7e308),
    *("", "x", "1", "80", "true", "null", "Ünï\n\x00", "25%"),
    *([], [None], [1], ["x"], [{}], [[]]),
    *({}, {"": None}, {"a": 1}, {"a": "x"}, {"a": {}}, {"a": []}),
)
QUANTITIES = (
    *("0", "00", "1", "100m", "1Gi", "1.5Gi", "1.", ".5", "+.5m", "1n", "1u", "1k", "1E", "1Ei", "-1", "--1"),
    *("+", "-", ".", "m", "-.n", "Ki", "Ti", "Pi", "Ei", ".Ki", ".Ei", "1.Pi", "E", "e", "1Kim", "1mm", "0m"),
    *("1e3", "1E3", "1e-3", "1e+", "1e+-3", "1e400", "1e-400", "e5", "e+5", "e-9", "e-10", "e-0000000009"),
    *("12x", "1+5", "0x1", "1_000", "1,5", "é", "1é", "NaN", "inf", "9" * 30, "1 Gi", "\u0661"),
    *(" ", " 1 ", "\t1", "1\n", "\u00a01\u3000", "1\u1680", "1\x1c", "1\x85", "1\u200b"),
)
TIMES = (
    *("2024-01-02T03:04:05Z", "2024-01-02T3:04:05Z", "2024-1-02T03:04:05Z", "2024-01-2T03:04:05Z"),
    *("2024-02-29T03:04:05Z", "2023-02-29T03:04:05Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
    *("0000-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2024-00-02T00:00:00Z", "2024-13-02T00:00:00Z"),
    *("2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z", "20240-01-02T00:00:00Z", "\uff12024-01-02T03:04:05Z"),
    *("2024-01-02T24:00:00Z", "2024-01-02T23:60:00Z", "2024-01-02T23:59:60Z", "2024-01-02T23:59:59Z"),
    *("2024-01-02T03:04:05.123456789123Z", "2024-01-02T03:04:05,5Z", "2024-01-02T03:04:05.Z"),
    *("2024-01-02T03:04:05+01:00", "2024-01-02T03:04:05-24:60", "2024-01-02T03:04:05+25:00"),
    *("2024-01-02T03:04:05+00:61", "2024-01-02T03:04:05+0100", "2024-01-02T03:04:05", "2024-01-02"),
    *("2024-01-02t03:04:05Z", "2024-01-02T03:04:05z", "2024-01-02 03:04:05Z", "now"),
    *(" 2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z ", "2024-01-02T03:04:05Z\n", "\x002024-01-02T03:04:05Z"),
)
_VALUES = {
    "quantity": VALUES_OF_ALL_TYPES + QUANTITIES,
    "time": VALUES_OF_ALL_TYPES + TIMES,
    UNKNOWN: (None, "x"),
}


class Place(NamedTuple):
    """Where a type of value stands: in a kind of object (``apps/v1 Deployment``), at a path."""

    kind: str
    path: Path
    type: str

    def values(self) -> tuple[Any, ...]:
        """What to try here: values of every type of JSON, texts that are nearly right."""
        return _VALUES.get(self.type, VALUES_OF_ALL_TYPES)


def places() -> Iterator[Place]:
    """Every kind of object; then every field of every type, and the members of lists and maps, once.

    Beside the fields of every type stand some that are not known.
    """
    types = known().types
    waiting = deque(Place(kind, (), type_) for kind, type_ in known().kinds.items())
    described: set[str] = set()
    while waiting:
        place = waiting.popleft()
        yield place
        kind, path, type_ = place
        if type_.startswith("[]"):
            waiting.append(Place(kind, (*path, 0), type_[2:]))
        elif type_.startswith("{}"):
            waiting.append(Place(kind, (*path, "a"), type_[2:]))
        elif type_ in types and type_ not in described:
            described.add(type_)
            fields = types[type_]
            waiting += [Place(kind, (*path, field), of) for field, of in fields.items()]
            misspelled = [name for each in fields for name in (each.capitalize(), f"{each}s", each[:-1])]
            waiting += [
                Place(kind, (*path, name), UNKNOWN) for name in ("", *misspelled) if name not in fields
            ]


def manifest(place: Place, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A manifest that holds *value* in one place, and nothing else."""
    for step in reversed(place.path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def problems(place: Place, value: Any) -> list[FieldError]:  # noqa: ANN401 - any JSON
    """What we say of that manifest."""
    return list(type_errors(manifest(place, value), *place.kind.split()))


def question(place: Place, value: Any) -> bytes:  # noqa: ANN401 - any JSON
    """The same, as a question to the program in ``fields``."""
    # Not msgspec: it does not write 10**30.
    return json.dumps({"kind": place.kind, "manifest": manifest(place, value)}, ensure_ascii=False).encode()
