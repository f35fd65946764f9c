"""Which dialect a file seems to be written in."""

from collections.abc import Iterator
from typing import Final

from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.go_types import folded
from webhook.seccomp.dialects.text import Kind, Value, values_of
from webhook.seccomp.profile import Place, Unreadable

_OF_OBJECTS: Final = frozenset({"apiVersion", "kind", "spec"})
_OF_BOTH: Final = frozenset({"archmap", "name", "comment", "includes", "excludes"})


def guess(document: bytes) -> Dialect:
    """The dialect whose keys *document* has; OCI where it has none of the others'.

    ``minKernel`` is Docker's alone, names of errors are containers-common's; what both have is taken for
    Docker's. Nodes do not ask this: they read every file in the one dialect they know. Raises Unreadable
    where it is no JSON object.
    """
    root = values_of(document)
    if root.kind is not Kind.OBJECT:
        raise Unreadable(f"a profile is an object, this is of type {root.kind.value}", Place(1, ""))
    if {member.key for member in root.content} >= _OF_OBJECTS:
        return Dialect.OPERATOR
    keys = set(_keys(root))
    if "minkernel" in keys:
        return Dialect.DOCKER
    if keys & {"errno", "defaulterrno"}:
        return Dialect.CONTAINERS_COMMON
    return Dialect.DOCKER if keys & _OF_BOTH else Dialect.OCI


def _keys(root: Value) -> Iterator[str]:
    """The keys of the profile, of its rules and of their conditions."""
    for member in root.content:
        key = folded(member.key)
        yield key
        if key == "syscalls" and member.value.kind is Kind.ARRAY:
            for rule in member.value.content:
                if rule.kind is Kind.OBJECT:
                    yield from _keys_of_rule(rule)


def _keys_of_rule(rule: Value) -> Iterator[str]:
    for member in rule.content:
        key = folded(member.key)
        yield key
        if key in {"includes", "excludes"} and member.value.kind is Kind.OBJECT:
            yield from (folded(each.key) for each in member.value.content)
