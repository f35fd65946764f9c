"""Profiles as the readers of nodes read them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from webhook.seccomp.dialects.decoder import Decoder, List, Object
from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.lines import LineOf, lines_of
from webhook.seccomp.dialects.operator import read_operator
from webhook.seccomp.dialects.refusals import NIL, two_lists, two_names
from webhook.seccomp.dialects.shapes import SHAPES
from webhook.seccomp.dialects.text import values_of
from webhook.seccomp.profile import (
    Argument,
    Filter,
    Lost,
    Place,
    Profile,
    Remark,
    Rule,
    SubArchitectures,
    Unreadable,
)


def read(document: bytes | Mapping[str, Any], dialect: Dialect) -> Profile:
    """The profile in *document*, as the reader of *dialect* reads it. Raises Unreadable, in its words.

    *document* may be what somebody else has parsed; then nobody knows the lines (but see ``read_operator``).
    """
    if dialect is Dialect.OPERATOR:
        return read_operator(document)
    if not isinstance(document, bytes):
        document = msgspec.json.encode(document)
    line_of = lines_of(document)
    decoder = Decoder(document, line_of)
    decoded = decoder.decode(values_of(document), SHAPES[dialect])
    return _Reading(dialect, line_of, decoder.remarks).profile(decoded.fields)


class _Reading:
    """One decoded file, on its way to a profile."""

    def __init__(self, dialect: Dialect, line_of: LineOf, remarks: list[Remark]) -> None:
        self._dialect = dialect
        self._line_of = line_of
        self._remarks = remarks

    def profile(self, fields: dict[str, Any]) -> Profile:
        self._refuse_two_lists(fields)
        return Profile(
            default_action=fields.get("defaultAction", ""),
            default_errno=self._errno(fields, "defaultErrno", "defaultErrnoRet", Place(1, "")),
            architectures=_texts(fields.get("architectures")),
            sub_architectures=self._sub_architectures(fields.get("archMap")),
            flags=None if fields.get("flags") is None else _texts(fields["flags"]),
            listener_path=fields.get("listenerPath", ""),
            listener_metadata=fields.get("listenerMetadata", ""),
            rules=tuple(
                self._rule(each, Place(self._line_of(offset), f"syscalls[{index}]"))
                for index, (each, offset) in enumerate(_elements(fields.get("syscalls")))
            ),
            remarks=tuple(self._remarks),
        )

    def _refuse_two_lists(self, fields: dict[str, Any]) -> None:
        """Raises Unreadable where both lists say something, unless the file is taken for none."""
        one, other = _elements(fields.get("architectures")), _elements(fields.get("archMap"))
        if one and other and (fields.get("defaultAction") or _elements(fields.get("syscalls"))):
            raise two_lists(self._dialect, Place(self._line_of(other[0][1]), "archMap"))

    def _sub_architectures(self, found: List | None) -> tuple[SubArchitectures, ...] | None:
        if found is None:
            return None
        return tuple(
            SubArchitectures(each.fields.get("architecture", ""), _texts(each.fields.get("subArchitectures")))
            for each, _ in _elements(found)
        )

    def _rule(self, rule: Object | None, place: Place) -> Rule:
        if rule is None:
            raise Unreadable(NIL, place)
        fields = rule.fields
        names, name = _texts(fields.get("names")), fields.get("name", "")
        read = Rule(
            names=names if names or not name else (name,),
            action=fields.get("action", ""),
            errno=self._errno(fields, "errno", "errnoRet", place),
            arguments=tuple(
                self._argument(each, Place(self._line_of(offset), f"{place.path}.args[{index}]"))
                for index, (each, offset) in enumerate(_elements(fields.get("args")))
            ),
            place=place,
            includes=_filter(fields.get("includes")),
            excludes=_filter(fields.get("excludes")),
            comment=fields.get("comment", ""),
            name=name if names else "",
            name_lines=self._name_lines(fields.get("names"), place),
            has_names=bool(name) or fields.get("names") is not None,
        )
        if read.name and self._dialect is Dialect.DOCKER:
            raise two_names(self._dialect, read)
        return read

    def _name_lines(self, names: List | None, place: Place) -> tuple[int, ...]:
        if names is None or not names.length:
            return (place.line,)
        return tuple(map(self._line_of, names.offsets[: names.length]))

    def _argument(self, argument: Object | None, place: Place) -> Argument:
        if argument is None:
            raise Unreadable(NIL, place)
        fields = argument.fields
        return Argument(
            number=fields.get("index", 0),
            value=fields.get("value", 0),
            value_two=fields.get("valueTwo", 0),
            op=fields.get("op", ""),
            place=place,
        )

    def _errno(self, fields: dict[str, Any], name: str, number: str, place: Place) -> int | str | None:
        """What counts of the two: the name, if it says something."""
        named: str = fields.get(name, "")
        numbered: int | None = fields.get(number)
        if named and numbered is not None:
            path = f"{place.path}.{number}" if place.path else number
            self._remarks.append(Remark(Place(place.line, path), Lost.OVERRULED, number))
        return named or numbered


def _elements(found: List | None) -> list[tuple[Any, int]]:
    if found is None:
        return []
    return list(zip(found.elements[: found.length], found.offsets, strict=False))


def _texts(found: List | None) -> tuple[str, ...]:
    return () if found is None else tuple(found.elements[: found.length])


def _filter(found: Object | None) -> Filter:
    if found is None:
        return Filter()
    fields = found.fields
    return Filter(_texts(fields.get("caps")), _texts(fields.get("arches")), fields.get("minKernel"))
