"""What plain YAML consists of."""


class NotPlain(ValueError):
    """What the exact reader must read."""


def is_plain_text(line: str) -> bool:
    """Whether *line* holds only what anybody would call text: not all that YAML allows, and nothing else.

    Tabs, byte order marks, and what YAML calls line breaks and editors do not, are left out.
    """
    return line.isprintable()
