"""Values without parts: which ones Kubernetes decodes, and what to do with the others."""

import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any, Final, NamedTuple

from webhook.manifests.fields_shapes import FieldError
from webhook.manifests.fields_words import described
from webhook.policy.path import Path


class Scalar(NamedTuple):
    """A value without parts: what it must be, whether one is, and advice for one that is not."""

    must: str
    accepts: Callable[[Any], bool]
    advice: Callable[[Any], str]
    exact: type | None = None

    def errors(self, value: Any, path: Path) -> Iterator[FieldError]:  # noqa: ANN401 - any JSON value
        """What is wrong with *value*."""
        if value is not None and not self.accepts(value):
            advice = self.advice(value)
            must = f"must be {self.must}, is {described(value)}"
            yield FieldError(path, f"{must}: {advice}" if advice else must)


def _no_advice(_: object) -> str:
    return ""


def _is_any(_: object) -> bool:
    return True


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _quote(value: object) -> str:
    return "put it in quotes" if isinstance(value, bool | int | float) else ""


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _bool_advice(value: object) -> str:
    return "remove the quotes" if value in ("true", "false") else ""


def _integer(bits: int) -> Scalar:
    least, most = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def accepts(value: object) -> bool:
        # A bool is an int to Python; to Go, 1.0 is no integer.
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    def advice(value: object) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return f"the {'least' if value < least else 'largest'} is {least if value < least else most}"
        if isinstance(value, float) and value.is_integer() and accepts(int(value)):
            return f"write {int(value)}"
        if isinstance(value, str) and _DIGITS.fullmatch(value) and accepts(int(value)):
            return "remove the quotes"
        return ""

    return Scalar("a whole number", accepts, advice)


_DIGITS: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})")

_INT32: Final = _integer(32)


def _is_int_or_string(value: object) -> bool:
    return isinstance(value, str) or _INT32.accepts(value)


# As Go reads quantities, which is more than their documentation allows: "+", "m" and "." are zero.
# Only a value too small or too large for the short way through needs a digit.
_QUANTITY: Final = re.compile(
    r"""[+-]?(
        ([0-9]++\.?[0-9]*+|\.[0-9]++) ([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,18})?
      | \.? ([numkMGTPE]|[KMGT]i|[eE](\+?[0-9]{1,9}|-0*[0-9]))?
    )""",
    re.VERBOSE,
)
# What Go trims and JSON does not escape.
_BLANKS: Final = (
    " \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)


def _is_quantity(value: object) -> bool:
    if isinstance(value, str):
        text = value.strip(_BLANKS)
        return bool(text) and _QUANTITY.fullmatch(text) is not None
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


# As Go's time.Parse reads RFC 3339: a comma before the fraction, an hour of one digit, an offset of 24:60.
_TIME: Final = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})"
    r"T(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-4]):(?:[0-5][0-9]|60))"
)
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_time(value: object) -> bool:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    is_leap_day = (month, day) == (2, 29) and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] or is_leap_day


SCALARS: Final = {
    "string": Scalar("a string", _is_string, _quote, exact=str),
    "bool": Scalar("true or false", _is_bool, _bool_advice, exact=bool),
    "int32": _INT32,
    "int64": _integer(64),
    "intOrString": Scalar("a whole number or a string", _is_int_or_string, _no_advice, exact=str),
    "quantity": Scalar('a quantity such as "500m" or "128Mi"', _is_quantity, _no_advice),
    "time": Scalar('a time such as "2026-01-31T12:00:00Z"', _is_time, _no_advice),
    "any": Scalar("anything", _is_any, _no_advice),
}
"""Scalars by the names that ``fields.json`` gives them."""
