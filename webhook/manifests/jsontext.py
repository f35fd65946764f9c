"""JSON, which Kubernetes reads with Go's reader for JSON, although nearly all of it is YAML too.

Source: module ``k8s.io/apimachinery``, ``YAMLOrJSONDecoder`` in ``pkg/util/yaml``; Go's ``encoding/json``.
Beyond them, an object that has one key twice is refused.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, NoReturn

from webhook.manifests.json_places import STRING, place_of
from webhook.manifests.limits import DEPTH, OBJECT_BYTES, TOO_DEEP, too_long
from webhook.manifests.malformed import Malformed
from webhook.manifests.numbers import as_json

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_BRACKET: Final = re.compile(rf"{STRING}|([\[{{])|([\]}}])", re.DOTALL)
# Half of a pair of surrogates, as an escape; whole pairs and escaped backslashes are passed over.
_HALF_OF_PAIR: Final = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)

_LONGEST_NUMBER: Final = 309
_SHOWN: Final = 20


class NotJson(Malformed):
    """A text that is no JSON, and may still be YAML."""


class Json(NamedTuple):
    """One value: the line where it begins, its text, and what it is."""

    line: int
    text: str
    value: Any


class _Twice(ValueError):
    """An object has one key twice."""


class _TooLarge(ValueError):
    """A number has no place in Go."""


def documents(text: str) -> Iterator[Json]:
    """The values in *text*, one after another. Raises Malformed; NotJson where it is no JSON."""
    line, place = 1, 0
    while True:
        begin = _SPACE.match(text, place).end()  # type: ignore[union-attr] # it matches everywhere
        line += text.count("\n", place, begin)
        if begin == len(text):
            return
        value, place = value_at(text, begin, line)
        yield Json(line, text[begin:place], value)
        line += text.count("\n", begin, place)


def value_at(text: str, begin: int, line: int = 1) -> tuple[Any, int]:
    """The value that begins at *begin*, in *line*, and where it ends. Raises as ``documents``."""
    if len(text) - begin > OBJECT_BYTES and _goes_on(text, begin, begin + OBJECT_BYTES):
        raise Malformed(line, too_long(OBJECT_BYTES))
    try:
        value, end = _decoder.raw_decode(text, begin)
    except RecursionError as error:
        raise Malformed(line, TOO_DEEP) from error
    except json.JSONDecodeError as error:
        at_fault = line + text.count("\n", begin, error.pos)
        raise NotJson(at_fault, f"this is no JSON ({error.msg[0].lower()}{error.msg[1:]})") from error
    except _Twice as error:
        place_of(text, begin, line)  # raises Malformed, as it knows the lines
        raise Malformed(line, str(error)) from error
    except _TooLarge as error:
        raise Malformed(line, str(error)) from error
    except ValueError as error:
        raise NotJson(line, str(error)) from error
    if _depth(text, begin, end) > DEPTH:
        raise Malformed(line, TOO_DEEP)
    if text.find("\\ud", begin, end) >= 0 or text.find("\\uD", begin, end) >= 0:
        written = _HALF_OF_PAIR.sub(_replaced, text[begin:end])
        value = _decoder.decode(written)
    return value, end


def _replaced(found: re.Match[str]) -> str:
    return "\\ufffd" if found[1] else found[0]


def depth_at(text: str, place: int) -> int:
    """How many brackets are open at *place* of a JSON text."""
    return sum(1 if found[1] else -1 if found[2] else 0 for found in _BRACKET.finditer(text, 0, place))


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Whether the object or array that begins at *begin* has not come to its end at *end*."""
    depth = 0
    if text[begin] in "[{":
        for found in _BRACKET.finditer(text, begin, end):
            depth += 1 if found[1] else -1 if found[2] else 0
            if depth == 0:
                break
    return depth > 0


def _depth(text: str, begin: int, end: int) -> int:
    if text.count("[", begin, end) + text.count("{", begin, end) <= DEPTH:
        return 0
    depth = deepest = 0
    for found in _BRACKET.finditer(text, begin, end):
        depth += 1 if found[1] else -1 if found[2] else 0
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Twice("a key is set twice")
    return members


def _real(digits: str) -> int | float:
    number = float(digits)
    if math.isinf(number):
        raise _TooLarge(f"the number {digits[:_SHOWN]} is too large")
    return as_json(number)


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _TooLarge(f"the number {digits[:_SHOWN]}... is too large")
    return int(digits)


def _constant(word: str) -> NoReturn:
    raise ValueError(f"this is no JSON ({word} is no number)")


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_real, parse_int=_integer, parse_constant=_constant
)
