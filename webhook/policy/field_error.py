"""What is wrong with a field, in the words in which Kubernetes says it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from webhook.policy.quoting import go_quoted

INVALID: Final = "FieldValueInvalid"
DUPLICATE: Final = "FieldValueDuplicate"

_HEADINGS: Final = {INVALID: "Invalid value", DUPLICATE: "Duplicate value"}


class FieldError(NamedTuple):
    """A field, the text in it, and what is wrong with that; ``type`` is Kubernetes' type of cause."""

    field: str
    value: str
    problem: str = ""
    type: str = INVALID

    @property
    def body(self) -> str:
        """The error without its field: ``Invalid value: "x": must be ...``."""
        said = f"{_HEADINGS[self.type]}: {go_quoted(self.value)}"
        return f"{said}: {self.problem}" if self.problem else said

    def __str__(self) -> str:
        return f"{self.field}: {self.body}"


def aggregated(errors: Iterable[object]) -> str:
    """One error alone, several as ``[a, b]``, each text once.

    Source: Kubernetes' aggregate of errors, as its configuration and label errors show it.
    """
    texts = list(dict.fromkeys(map(str, errors)))
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
