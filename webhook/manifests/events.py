"""The events of a YAML text, by libyaml where PyYAML has it."""

from collections.abc import Iterator
from typing import Any

import yaml
import yaml.parser
import yaml.reader
import yaml.scanner

Event = Any  # PyYAML has no types for the parts of its events


class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own parser, for a PyYAML that was built without libyaml."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


def events(text: str) -> Iterator[Event]:
    """The events of *text*. They raise yaml.YAMLError."""
    return iter(_parser(text).get_event, None)


def _parser(text: str) -> Any:  # noqa: ANN401 - the two parsers share no type
    try:
        from yaml._yaml import CParser  # noqa: PLC0415 - absent where PyYAML has no libyaml
    except ImportError:
        return PureParser(text)
    return CParser(text)
