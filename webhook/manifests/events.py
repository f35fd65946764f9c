"""The events of a YAML text, by libyaml where PyYAML has it."""

from collections.abc import Iterator
from typing import Any

import yaml
import yaml.parser
import yaml.reader
import yaml.scanner

Event = Any  # PyYAML has no types for the parts of its events


class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own parser, where it was built without libyaml; it minds tabs more than Kubernetes does."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def get_event(self) -> Event:
        """The next event. Raises yaml.YAMLError, also for escapes that are no characters."""
        try:
            event = super().get_event()  # type: ignore[no-untyped-call] # it has no types
            getattr(event, "value", "").encode()
        except ValueError as error:
            problem = "found invalid Unicode character escape code"
            raise yaml.scanner.ScannerError(None, None, problem, self.get_mark()) from error
        return event


def events(text: str) -> Iterator[Event]:
    """The events of *text*. They raise yaml.YAMLError."""
    return iter(_parser(text).get_event, None)


def _parser(text: str) -> Any:  # noqa: ANN401 - the two parsers share no type
    try:
        from yaml._yaml import CParser  # noqa: PLC0415 - absent where PyYAML has no libyaml
    except ImportError:
        return PureParser(text)
    return CParser(text)
