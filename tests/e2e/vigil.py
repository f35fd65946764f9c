"""Somebody who tries to get a bad pod in all the while, whatever breaks meanwhile."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from urllib3.exceptions import HTTPError

from tests.e2e.api import Answer, Api
from tests.e2e.judgment import insecure
from tests.e2e.load import load

_PAUSE: Final = 0.05
_NOBODY: Final = Answer(0, "", (), "")
"""What was got from an API server that is away."""


@contextmanager
def vigil(api: Api) -> Iterator[list[Answer]]:
    """The answers to violating pods for the namespace ``strict``, again and again while the block runs."""

    def attempt() -> Answer:
        time.sleep(_PAUSE)
        try:
            return insecure(api)
        except (HTTPError, OSError):
            return _NOBODY

    with load(attempt) as answers:
        yield answers
