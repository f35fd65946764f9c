"""Denials that are not carried out: a cluster first hears what would be refused, and loses nothing."""

from typing import Final

from msgspec import structs

from webhook.admission.verdict import Verdict

ANNOTATION: Final = "would-refuse"
"""The audit annotation with the words of a denial that was not carried out."""


def waived(verdict: Verdict) -> Verdict:
    """*verdict* as one that allows; what it would have been denied for is a warning and an annotation.

    What was evaluated stays: the metrics count it as denied, as they would.
    """
    status = verdict.status
    if status is None:
        return verdict
    warning = f"audit only, would be refused: {status.message}"
    return structs.replace(
        verdict,
        status=None,
        waived=status,
        warnings=(warning, *verdict.warnings),
        annotations={**(verdict.annotations or {}), ANNOTATION: status.message},
    )
