"""The words for a value that does not fit, and for a field that nobody knows."""

from collections.abc import Collection
from typing import Any, Final

from webhook.policy.quoting import go_quoted

_LONGEST_TEXT: Final = 40
_LARGEST_NUMBER: Final = 2**128  # what is printed; and some numbers are too large for Python to print


def described(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """What *value* is, in a few words whatever its size: ``the number 1``, ``a list``."""
    match value:
        case bool():
            words = f"the boolean {'true' if value else 'false'}"
        case str():
            cut = value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}…"
            words = f"the string {go_quoted(cut)}"
        case int() if not -_LARGEST_NUMBER < value < _LARGEST_NUMBER:
            words = "a very large number"
        case int() | float():
            words = f"the number {value}"
        case dict():
            words = "an object"
        case list():
            words = "a list"
        case _:
            words = "no value that JSON has"
    return words


def nearest(name: object, known: Collection[str]) -> str:
    """A question for the known name that a misspelled one may stand for; nothing if none is near."""
    if not isinstance(name, str) or len(name) > _LONGEST_TEXT:
        return ""
    import difflib  # noqa: PLC0415 - only misspelled manifests pay for it

    likely = [each for each in known if each.lower() == name.lower()] or difflib.get_close_matches(
        name, known
    )
    return f': did you mean "{likely[0]}"?' if likely else ""
