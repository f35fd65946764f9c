"""What is wrong with a configuration file."""

from typing import NamedTuple, Self

from webhook.policy.field_error import aggregated


class Problem(NamedTuple):
    """A field, such as ``defaults.enforce``, and what is wrong with it, as the user shall read it."""

    field: str
    text: str

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
