"""How to talk to the webhook that has just begun to listen."""

import shlex
from typing import Final, NamedTuple

EVERY_ADDRESS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not listened on


class Greeting(NamedTuple):
    """What a person needs to try the webhook; ``review`` is the file with an example of a request."""

    address: str
    port: int
    authority: str
    fingerprint: str
    review: str

    def __str__(self) -> str:
        curl = (
            *("curl", "--cacert", self.authority),
            *("--header", "Content-Type: application/json"),
            *("--data-binary", f"@{self.review}"),
            self._url,
        )
        return (
            f"The webhook answers reviews at {self._url}\n"
            f"  Its authority is in {self.authority}, with the SHA-256 fingerprint\n"
            f"  {self.fingerprint}\n"
            f"  Try it: {shlex.join(curl)}\n"
        )

    @property
    def _url(self) -> str:
        host = "localhost" if self.address in EVERY_ADDRESS else self.address
        return f"https://{f'[{host}]' if ':' in host else host}:{self.port}/validate"
