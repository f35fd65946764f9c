"""What is wrong with a configuration file."""

import re
from typing import NamedTuple, Self

from webhook.policy.field_error import aggregated
from webhook.policy.path import Path


class Problem(NamedTuple):
    """A field, such as ``defaults.enforce``, and what is wrong with it, as the user shall read it."""

    field: str
    text: str

    @property
    def path(self) -> Path:
        """The steps to the field, as far as its name tells them: one with a dot in it is not found."""
        steps = re.findall(r"[^.\[\]]+", self.field)
        return tuple([int(each) if each.isdecimal() else each for each in steps])

    def below(self, section: str) -> "Problem":
        """The problem, with the names of fields as they are outside of *section*."""
        field = f"{section}{self.field}" if self.field.startswith("[") else f"{section}.{self.field}"
        return Problem(field, f"{field}: {self.text.partition(': ')[2]}")

    def __str__(self) -> str:
        return self.text


class ConfigurationError(ValueError):
    """A configuration that cannot be used; ``problems`` are all that is wrong, the text is a line of them."""

    def __init__(self, text: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(text)
        self.problems = problems

    @classmethod
    def of(cls, problems: tuple[Problem, ...], heading: str = "") -> Self:
        """The error of *problems*, of which there is at least one."""
        return cls(heading + aggregated(problems), problems)
