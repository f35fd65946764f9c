"""What plain YAML consists of."""


class NotPlain(ValueError):
    """The text is not plain: it is left to the exact reader."""


def is_plain_text(line: str) -> bool:
    """Whether *line* holds printable characters alone.

    YAML allows more: tabs, byte order marks, line breaks that editors do not know. The exact reader knows
    what they mean.
    """
    return line.isprintable()
