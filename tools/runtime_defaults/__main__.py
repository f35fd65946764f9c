"""``python -m tools.runtime_defaults``: write the data anew, and print what it was taken from."""

import sys
from contextlib import closing

from tests.conformance.programs import Conversation, Unavailable
from tools.runtime_defaults.program import program
from tools.runtime_defaults.sources import SOURCES
from tools.runtime_defaults.texts import PLACE, text


def main() -> None:
    """Write all of them."""
    try:
        with closing(Conversation(program())) as runtimes:
            for source in SOURCES:
                (PLACE / f"{source.name}.json").write_text(text(source, runtimes))
                print(f"{source.name}: {source.part.module}@{source.part.version}")  # noqa: T201 - a command
    except Unavailable as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
