"""The section ``controls`` of our configuration: which controls are asked."""

from collections.abc import Sequence
from typing import Final

from webhook.config.errors import ConfigurationError, Problem
from webhook.policy.checks import CHECKS
from webhook.policy.nearest import did_you_mean

FIELDS: Final = {"only": [str]}

_IDS: Final = tuple(check.id for check in CHECKS)


def only_in(written: Sequence[str | None]) -> frozenset[str]:
    """The ids in ``only``. Raises ConfigurationError, also where there are none: nothing would be asked."""
    problems = [
        Problem(
            f"only[{index}]", f"only[{index}]: must be the id of a control{did_you_mean(each or '', _IDS)}"
        )
        for index, each in enumerate(written)
        if each not in _IDS
    ]
    if not written:
        problems = [Problem("only", "only: must name at least one control")]
    if problems:
        raise ConfigurationError.of(tuple(problems))
    return frozenset(each for each in written if each)
