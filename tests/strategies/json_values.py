"""Any JSON, small, and any place in an object."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from webhook.policy.path import Path

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 2**31, 2**63, -(2**64), 10**30, 1.5, 1e300, "", "x", "ALL", "Ünï\n\x00")),
)


def json_values() -> st.SearchStrategy[Any]:
    """Values of every type of JSON."""
    keys = st.sampled_from(("name", "type", "add", "x", ""))
    return st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=6,
    )


def places(value: Any, here: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - any JSON
    """The path of every value in *value*, itself first."""
    yield here
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, (*here, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from places(member, (*here, index))


def replaced(value: Any, place: Path, other: object) -> Any:  # noqa: ANN401 - any JSON
    """A copy of *value* with *other* at *place*, and nowhere else."""
    if not place:
        return other
    copy = _unshared(value)
    holder = copy
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = other
    return copy


def _unshared(value: Any) -> Any:  # noqa: ANN401 - as above
    # Equal parts of what is generated may be one and the same object.
    if isinstance(value, dict):
        return {key: _unshared(member) for key, member in value.items()}
    return [_unshared(member) for member in value] if isinstance(value, list) else value
