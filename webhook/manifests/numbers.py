"""Numbers as Go reads them out of YAML and writes them into JSON.

Source: Go's ``strconv`` (``ParseInt`` with base 0, ``ParseFloat``, ``FormatFloat``), ``encoding/json``,
and their use in go-yaml v2, file ``resolve.go``.
"""

import math
import re
import struct
from decimal import Decimal
from typing import Final

LARGEST_INT64: Final = 2**63 - 1
_BITS: Final = 64
_LARGEST_UINT64: Final = 2**64 - 1
# Go's JSON writes a real number from this size on with an exponent, below it as digits alone.
_WRITTEN_WITH_EXPONENT: Final = 1e21
# FormatFloat(…, 'g', -1, 32), which writes the keys, does without an exponent in these.
_KEY_EXPONENTS: Final = range(-4, 6)

_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)|0[oO](?P<octal>[0-7]+)"
    r"|0(?P<old>[0-7]*)|(?P<decimal>[1-9][0-9]*))"
)
_BASES: Final = (("decimal", 10), ("old", 8), ("hex", 16), ("octal", 8), ("binary", 2))
# Go-yaml cuts the prefix off and lets the rest, with a sign of its own, be a number.
_BINARY_WITH_INNER_SIGN: Final = re.compile(r"0b(?P<number>[-+][01]+)")
_REAL: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_REAL_WITH_POINT_FIRST: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")


def integer_of(digits: str) -> int | None:
    """The integer that *digits*, without underscores, is to Go; None when it is none or too large."""
    found = _INTEGER.fullmatch(digits)
    if found is None:
        return _binary_with_inner_sign(digits)
    base, digits_of_base = next((base, found[name]) for name, base in _BASES if found[name] is not None)
    digits_of_base = digits_of_base.lstrip("0") or "0"
    size = int(digits_of_base, base) if len(digits_of_base) <= _BITS else _LARGEST_UINT64 + 1
    if found["sign"] == "-":
        return -size if size <= LARGEST_INT64 + 1 else None
    return size if size <= (LARGEST_INT64 if found["sign"] else _LARGEST_UINT64) else None


def _binary_with_inner_sign(digits: str) -> int | None:
    found = _BINARY_WITH_INNER_SIGN.fullmatch(digits)
    if found is None:
        return None
    number = int(found["number"], 2)
    return number if -LARGEST_INT64 - 1 <= number <= LARGEST_INT64 else None


def real_of(text: str) -> float | None:
    """The real number that *text* is to go-yaml; None when it is none, or too large for one."""
    if text.startswith("."):
        return _finite(text.replace("_", "")) if _REAL_WITH_POINT_FIRST.fullmatch(text) else None
    digits = text.replace("_", "")
    return _finite(digits) if _REAL.fullmatch(digits) else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return None if math.isinf(number) else number


def as_json(number: float) -> int | float:
    """The number that a reader of Go's JSON for *number* sees: ``1e3`` is written as ``1000``."""
    if number.is_integer() and abs(number) < _WRITTEN_WITH_EXPONENT:
        return int(Decimal(repr(number)))
    return number


def as_key(number: float) -> str:
    """The text that *number* becomes where it is a key: in single precision, as Go writes it."""
    if math.isnan(number):
        return ".nan"
    try:
        (single,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        single = math.copysign(math.inf, number)
    if math.isinf(single):
        return "-.inf" if single < 0 else ".inf"
    return _shortest(single)


def _shortest(single: float) -> str:
    """The fewest digits that are still *single* when read back in single precision."""
    for precision in range(9):
        written = f"{single:.{precision}e}"
        if struct.unpack("f", struct.pack("f", float(written)))[0] == single:
            break
    digits, _, exponent = written.partition("e")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    if int(exponent) in _KEY_EXPONENTS:
        return format(Decimal(f"{digits}e{exponent}"), "f")
    return f"{digits}e{exponent}"
