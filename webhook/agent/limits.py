"""How much of a folder is read and told: it is bounded, whatever somebody puts there."""

import json
from typing import Final, NamedTuple


class Limits(NamedTuple):
    """Bounds on what is looked at.

    ``files`` are listed at most, and as many AppArmor profiles; the paths and errors of the files take about
    ``text`` bytes of JSON, and so do the names of AppArmor: a request to the API server may have 3 MiB, an
    object in etcd 1.5 MiB. A file of more than ``size`` bytes is not read: a
    seccomp filter has 4096 instructions at most, and KEP-6061 takes profiles of up to 1 MiB. No more than
    ``entries`` of all folders are looked at, and none below ``depth`` folders. Paths of more than ``path``
    bytes are not listed, nor AppArmor names of more than ``name`` characters, which the API server would
    refuse; errors of more than ``error`` characters are cut.
    """

    files: int = 2000
    text: int = 256 * 1024
    size: int = 1024 * 1024
    entries: int = 50_000
    depth: int = 16
    path: int = 1024
    error: int = 512
    name: int = 4096


LIMITS: Final = Limits()

_ESCAPED: Final = len("\\u003c") - 1


def length(text: str) -> int:
    """How many bytes *text* takes in JSON at most.

    A control character takes six, and so do those of HTML where Go's ``encoding/json`` writes them, as the
    API server does for etcd.
    """
    return len(json.dumps(text)) + _ESCAPED * sum(text.count(each) for each in "<>&")
