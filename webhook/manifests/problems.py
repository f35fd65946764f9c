"""What is wrong with a YAML text, said to its author instead of in its parser's words."""

import re
from typing import Final, NamedTuple

import yaml

from webhook.manifests.lines import Lines
from webhook.manifests.malformed import Malformed

OTHER_VERSION: Final = "Kubernetes reads YAML 1.1 only: remove the line that begins with %YAML"
STRAY_BYTE_ORDER_MARK: Final = "this line begins with an invisible byte order mark (U+FEFF): remove it"
QUESTION_MARK: Final = "put this value in quotes: between { and }, or [ and ], a question mark has a meaning"
UNKNOWN_ESCAPE: Final = "no such escape in double quotes: write \\\\ for a backslash, or use single quotes"

_TAB: Final = "found a tab where indentation is expected: use spaces"
_OPEN_QUOTE: Final = "the quote that begins here is never closed"
_INDENTATION: Final = "wrong indentation: this line does not line up with the {} begun in line OPENED"
_MISPLACED_NAME: Final = "a name must follow & and *: put the value in quotes if it is a text"
_TAG: Final = (
    "what begins with ! is a YAML tag, and this one is unknown: put the value in quotes if it is a text"
)
_OTHER: Final = "this is no YAML ({})"


class _Problem(NamedTuple):
    """Words for a problem of libyaml; with ``at_opening``, its line is where the thing in question began."""

    words: str
    at_opening: bool = False
    is_of_indentation: bool = False


_PROBLEMS: Final = {
    "could not find expected ':'": _Problem(
        "`key: value` is expected, but this line has no `: `", at_opening=True
    ),
    "mapping values are not allowed in this context": _Problem(
        "a `key: value` cannot stand here: put a value with `: ` in quotes, or correct the indentation"
    ),
    "mapping keys are not allowed in this context": _Problem("a key with `? ` cannot stand here"),
    "block sequence entries are not allowed in this context": _Problem(
        "a list item cannot stand here: begin it in a line of its own, or put a value with `- ` in quotes"
    ),
    "did not find expected key": _Problem(_INDENTATION.format("keys of the mapping"), is_of_indentation=True),
    "did not find expected '-' indicator": _Problem(
        _INDENTATION.format("items of the list"), is_of_indentation=True
    ),
    "did not find expected node content": _Problem(
        "a value is expected here, or a bracket before it is not closed"
    ),
    "did not find expected ',' or ']'": _Problem(
        "the [ in line OPENED is not closed with ], or a comma is missing"
    ),
    "did not find expected ',' or '}'": _Problem(
        "the { in line OPENED is not closed with }, or a comma is missing"
    ),
    "found unexpected ':'": _Problem("between { and }, or [ and ], a colon must be followed by a space"),
    "found a tab character where an indentation space is expected": _Problem(_TAB),
    "found a tab character that violates indentation": _Problem(_TAB),
    "found a tab character that violates intendation": _Problem(_TAB),
    "found unexpected end of stream": _Problem(_OPEN_QUOTE, at_opening=True),
    "found unexpected document indicator": _Problem(_OPEN_QUOTE, at_opening=True),
    "found unknown escape character": _Problem(UNKNOWN_ESCAPE),
    "did not find expected hexdecimal number": _Problem(
        "\\x, \\u and \\U must be followed by 2, 4 and 8 hex digits"
    ),
    "found invalid Unicode character escape code": _Problem("this escape is no Unicode character"),
    "found an indentation indicator equal to 0": _Problem("a digit after | or > must not be 0"),
    "did not find expected comment or line break": _Problem("nothing may follow | or > in its line"),
    "did not find expected alphabetic or numeric character": _Problem(_MISPLACED_NAME),
    "did not find expected <document start>": _Problem(
        "this cannot follow what stands before it: correct the indentation, or begin a new document with ---"
    ),
    "found incompatible YAML document": _Problem(OTHER_VERSION),
    "found undefined tag handle": _Problem(_TAG),
}
_MORE_THAN_A_VALUE: Final = _Problem(
    "the value ends before this: put all of it in quotes, or correct the indentation"
)
_NOT_PRINTABLE: Final = re.compile(
    "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # what YAML 1.1 allows
)


def explained(error: yaml.YAMLError, text: str, lines: Lines) -> Malformed:
    """What *error*, met in *text*, is to the author of the text."""
    here = getattr(error, "problem_mark", None)
    if here is None:
        return _of_character(text)
    line = min(lines.at(here), lines.last())
    opened = min(lines.at(getattr(error, "context_mark", None) or here), line)
    problem = _problem_of(str(getattr(error, "problem", "")), text[here.index : here.index + 1])
    if problem.is_of_indentation and text[text.rfind("\n", 0, here.index) + 1 : here.index].strip(" "):
        problem = _MORE_THAN_A_VALUE
    if problem.at_opening:
        line = opened
    written = lines.written(line)
    if written.startswith("---") and not written[3:4].isspace():
        return Malformed(line, "documents are separated by three dashes alone in a line")
    return Malformed(line, problem.words.replace("OPENED", str(opened)))


def _problem_of(problem: str, character: str) -> _Problem:
    if problem == "found character that cannot start any token":
        return _Problem(
            _TAB if character == "\t" else f"a value cannot begin with {character}: put it in quotes"
        )
    return _PROBLEMS.get(problem) or _Problem(_OTHER.format(problem))


def _of_character(text: str) -> Malformed:
    """What is wrong with a text that holds a character which YAML does not allow."""
    found = _NOT_PRINTABLE.search(text)
    if found is None:
        return Malformed(1, "this is no YAML")
    line = text.count("\n", 0, found.start()) + 1
    if found[0] == "\0":
        return Malformed(line, "this holds NUL bytes: it is no text")
    return Malformed(
        line, f"YAML does not allow the character U+{ord(found[0]):04X}: remove it, or write it as an escape"
    )
