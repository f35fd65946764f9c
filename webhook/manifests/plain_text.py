"""What plain YAML may consist of."""

from typing import Final


class NotPlain(ValueError):
    """What the exact reader must read."""


# What YAML calls printable, less what it calls a line break, less the byte order mark.
TEXT: Final = " -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
