"""``minKernel`` of Docker's profiles, which its type reads itself.

Source: ``github.com/moby/profiles/seccomp`` v0.2.4, ``seccomp.go``, KernelVersion.UnmarshalJSON.
"""

from typing import Final

from webhook.seccomp.dialects.go_quoted import go_quoted
from webhook.seccomp.dialects.text import Kind, Value

KernelVersion = tuple[int, int]

_MAX: Final = 255
_PARTS: Final = 2


class InvalidKernel(ValueError):
    """The value is no version of a kernel; says what its reader says after the value itself."""


def kernel_version(value: Value, current: KernelVersion | None) -> KernelVersion:
    """The version that *value* says; the empty text leaves *current*, or 0.0, which any kernel reaches."""
    if value.kind is not Kind.TEXT:
        raise InvalidKernel(f": json: cannot unmarshal {value.kind.value} into Go value of type string")
    if not value.content:
        return current or (0, 0)
    # As in Go, a third part and all after it is one.
    parts = value.content.split(".", _PARTS)
    if len(parts) != _PARTS:
        raise InvalidKernel
    version = _number(parts[0]), _number(parts[1])
    if version == (0, 0):
        raise InvalidKernel(": version cannot be 0.0")
    return version


def _number(text: str) -> int:
    """Raises InvalidKernel as ``strconv.ParseUint(text, 10, 8)`` fails: at the first wrong character."""
    number = 0
    for character in text or " ":
        if not "0" <= character <= "9":
            raise InvalidKernel(f": strconv.ParseUint: parsing {go_quoted(text)}: invalid syntax")
        number = 10 * number + int(character)
        if number > _MAX:
            raise InvalidKernel(f": strconv.ParseUint: parsing {go_quoted(text)}: value out of range")
    return number
