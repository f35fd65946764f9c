"""Values of JSON as Go's decoder puts them into Go's types.

Source: Go 1.26, package encoding/json, ``decode.go``: keys match without regard to case; what stands twice is
decoded over what was there, so that an object or a list keeps what the later one leaves unsaid; null leaves
texts and numbers as they are; the first value of a wrong type is reported at the end; what a type's own
reader refuses is reported at once.
"""

from typing import Any, Final, NamedTuple

from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.go_types import Kernel, Slice, Struct, Text, Type, Unsigned, folded
from webhook.seccomp.dialects.kernel_version import InvalidKernel, KernelVersion, kernel_version
from webhook.seccomp.dialects.lines import LineOf
from webhook.seccomp.dialects.shapes import KNOWN
from webhook.seccomp.dialects.text import Kind, Member, Value, end_of
from webhook.seccomp.profile import Lost, Place, Remark, Unreadable

_KIND: Final = {Text: Kind.TEXT, Unsigned: Kind.NUMBER, Slice: Kind.ARRAY, Struct: Kind.OBJECT}
_MAX_DIGITS: Final = 20
_MAX_UNSIGNED: Final = (1 << 64) - 1


class Object:
    """A struct of Go: the fields that were set, and where the text last began it."""

    __slots__ = ("fields", "offset")

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.offset = 0


class List:
    """A slice of Go. What is beyond ``length`` is out of sight, but comes back when the slice grows again."""

    __slots__ = ("elements", "length", "offsets")

    def __init__(self) -> None:
        self.elements: list[Any] = []
        self.offsets: list[int] = []
        self.length = 0


class Trail(NamedTuple):
    """The way to a value, from inside out."""

    above: "Trail | None"
    struct: str
    embedded: str
    field: str
    element: int | None = None


def path_of(trail: Trail | None, key: str = "") -> str:
    """The path of a value, or of its member *key*, as ``syscalls[3].args[0].value``."""
    parts = [key] if key else []
    while trail is not None:
        parts.append(trail.field if trail.element is None else f"{trail.field}[{trail.element}]")
        trail = trail.above
    return ".".join(reversed(parts))


class Decoder:
    """Decodes one text; afterwards ``remarks`` tells what of it was not decoded."""

    def __init__(self, text: bytes, line_of: LineOf) -> None:
        self.remarks: list[Remark] = []
        self._text = text
        self._line_of = line_of
        self._first_error: tuple[str, int, str] | None = None

    def decode(self, value: Value, root: Struct) -> Object:
        """What *value* is as *root*. Raises Unreadable with Go's words."""
        decoded = self._decode(value, root, Object(), None)
        if self._first_error is not None:
            problem, offset, path = self._first_error
            raise Unreadable(problem, Place(self._line_of(offset), path))
        assert isinstance(decoded, Object)  # noqa: S101 - a struct is decoded to nothing else
        return decoded

    def _decode(self, value: Value, type_: Type, current: Any, trail: Trail | None) -> Any:  # noqa: ANN401 - whatever the type says
        if value.kind is Kind.NULL:
            return None if _is_nilled(type_) else current
        if isinstance(type_, Kernel):
            return self._kernel(value, current, trail)
        if value.kind is _KIND[type(type_)]:
            if isinstance(type_, Struct):
                return self._object(value, type_, current, trail)
            if isinstance(type_, Slice):
                return self._list(value, type_.element, current, trail)
            decoded = value.content if isinstance(type_, Text) else _unsigned(value.content)
            if decoded is not None:
                return decoded
        self._wrong(value, type_, trail)
        return current

    def _object(self, value: Value, struct: Struct, current: Any, trail: Trail | None) -> Object:  # noqa: ANN401 - as above
        decoded: Object = current if current is not None else Object()
        decoded.offset = value.offset
        fields = decoded.fields
        set_here: dict[str, Member] = {}
        for member in value.content:
            name = struct.name_of(member.key)
            if name is None:
                self._unknown(member, trail)
                continue
            field = struct.fields[name]
            if name in set_here:
                self._remark(set_here[name], Lost.DUPLICATE, trail)
            set_here[name] = member
            below = Trail(trail, struct.name, field.embedded, name)
            result = self._decode(member.value, field.type, fields.get(name), below)
            if result is None:
                fields.pop(name, None)
            else:
                fields[name] = result
        return decoded

    def _list(self, value: Value, element: Type, current: Any, trail: Trail | None) -> List:  # noqa: ANN401 - as above
        decoded: List = current if current is not None and value.content else List()
        elements, offsets = decoded.elements, decoded.offsets
        is_text = type(element) is Text
        for index, each in enumerate(value.content):
            if index == len(elements):
                elements.append("" if is_text else None)
                offsets.append(each.offset)
            offsets[index] = each.offset
            if is_text and each.kind is Kind.TEXT:
                elements[index] = each.content
            else:
                below = trail._replace(element=index) if trail is not None else None
                decoded_element = self._decode(each, element, elements[index], below)
                if decoded_element is None and isinstance(element, Struct) and not element.is_pointer:
                    decoded_element = Object()
                    decoded_element.offset = each.offset
                elements[index] = decoded_element
        decoded.length = len(value.content)
        return decoded

    def _kernel(self, value: Value, current: KernelVersion | None, trail: Trail | None) -> KernelVersion:
        try:
            return kernel_version(value, current)
        except InvalidKernel as invalid:
            said = self._text[value.offset : end_of(value, self._text)].decode(errors="replace")
            problem = f'invalid kernel version: {shown(said)}, expected "<kernel>.<major>"{invalid}'
            raise Unreadable(problem, Place(self._line_of(value.offset), path_of(trail))) from None

    def _wrong(self, value: Value, type_: Type, trail: Trail | None) -> None:
        if self._first_error is not None:
            return
        what = str(value.kind.value)
        if value.kind is Kind.NUMBER and isinstance(type_, Unsigned):
            what = f"number {shown(value.content.decode())}"
        where = f"Go struct field {trail.struct}.{_go_fields(trail)}" if trail else "Go value"
        problem = f"json: cannot unmarshal {what} into {where} of type {type_.go}"
        self._first_error = problem, value.offset, path_of(trail)

    def _unknown(self, member: Member, trail: Trail | None) -> None:
        is_foreign = folded(member.key) in KNOWN.get(_fields(trail), ())
        self._remark(member, Lost.FOREIGN if is_foreign else Lost.UNKNOWN, trail)

    def _remark(self, member: Member, lost: Lost, trail: Trail | None) -> None:
        key = shown(member.key)
        self.remarks.append(Remark(Place(self._line_of(member.offset), path_of(trail, key)), lost, key))


def _is_nilled(type_: Type) -> bool:
    return isinstance(type_, Slice | Kernel) or (isinstance(type_, Struct | Unsigned) and type_.is_pointer)


def _unsigned(digits: bytes) -> int | None:
    if len(digits) > _MAX_DIGITS or not digits.isdigit():
        return None
    number = int(digits)
    return number if number <= _MAX_UNSIGNED else None


def _fields(trail: Trail | None) -> str:
    parts = []
    while trail is not None:
        parts.append(trail.field)
        trail = trail.above
    return ".".join(reversed(parts))


def _go_fields(trail: Trail | None) -> str:
    parts = []
    while trail is not None:
        parts.append(f"{trail.embedded}.{trail.field}" if trail.embedded else trail.field)
        trail = trail.above
    return ".".join(reversed(parts))
