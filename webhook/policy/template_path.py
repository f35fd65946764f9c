"""Where objects of somebody's own kind hold pod templates: ``spec.template``, ``spec.jobs[*].template``."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple, Self

import msgspec

from webhook.policy.core_v1 import PodObject
from webhook.policy.path import Path

EACH: Final = "*"
"""The step to all items of a list, or to all values of an object."""

_NAME: Final = r"[A-Za-z][A-Za-z0-9_-]*"
MOST_NAMES: Final = 16
PATTERN: Final = rf"{_NAME}(\[\*\])?(\.{_NAME}(\[\*\])?){{0,{MOST_NAMES - 1}}}"
_WRITTEN: Final = re.compile(PATTERN)
_STEP: Final = re.compile(rf"{_NAME}|\*")


class TemplatePath(NamedTuple):
    """The steps from an object to its pod templates: names of fields, and ``EACH``."""

    steps: tuple[str, ...]

    @classmethod
    def parse(cls, written: str) -> Self:
        """The path that is *written*. Raises ValueError."""
        if not _WRITTEN.fullmatch(written):
            raise ValueError(
                f"must be the path of a pod template: at most {MOST_NAMES} names of fields, dots between, "
                "[*] after one for all items of a list or values of an object, as in spec.jobs[*].template"
            )
        return cls(tuple(_STEP.findall(written)))

    @property
    def holder(self) -> Any:  # noqa: ANN401 - a type made at run time
        """The type of an object that has pod templates there, and nothing else that matters."""
        return _holder_of(self.steps)

    def templates_in(self, holder: Any) -> Iterator[tuple[Path, PodObject]]:  # noqa: ANN401 - of that type
        """The pod templates in *holder*, each with its place. What is absent holds none."""
        yield from _found(holder, self.steps, ())


@cache
def _holder_of(steps: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    # One entry for each path of a configuration.
    holder: Any = PodObject
    for step in reversed(steps):
        if step == EACH:
            holder = tuple[holder | None, ...] | dict[str, holder | None]
        else:
            below = msgspec.field(default=None, name=step)
            holder = msgspec.defstruct("Holder", [("below", holder | None, below)], frozen=True)
    return holder


def _found(holder: Any, steps: tuple[str, ...], place: Path) -> Iterator[tuple[Path, PodObject]]:  # noqa: ANN401 - as above
    if holder is None:
        return
    if not steps:
        yield place, holder
    elif steps[0] == EACH:
        for key, item in holder.items() if isinstance(holder, dict) else enumerate(holder):
            yield from _found(item, steps[1:], (*place, key))
    else:
        yield from _found(holder.below, steps[1:], (*place, steps[0]))
