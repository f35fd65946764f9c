"""The certificate that is served: read from a folder, renewed while the server runs.

Both files are read from one generation, as a mounted Secret has them, into a whole new context; a
context in use is never touched. A pair that cannot be used changes nothing: the last good one stays.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from os import fstat
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from webhook.server.connection import TimedContext
from webhook.server.journal import Severity
from webhook.server.options import CannotServe
from webhook.server.validity import Validity, validity_of

CERTIFICATE: Final = "tls.crt"
KEY: Final = "tls.key"

_LOOKED_AT_EVERY: Final = 1.0
_RENEWED_EVERY: Final = 3600.0
_CURRENT: Final = "..data"
_NO_PAIR: Final = "the key is not that of the certificate"

Report = Callable[[Severity, str], None]
"""Told of every change, and of what stands in the way of one."""


class Unusable(CannotServe):
    """The files cannot be served; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Served:
    """A context and when its certificate is valid."""

    context: TimedContext
    validity: Validity


# Which files were read, and in which state they were.
_State = tuple[tuple[str, int, int, int, int], ...]


class Credentials:
    """The certificate in *folder*, new whenever its files are. Raises Unusable if there is none at first."""

    def __init__(
        self,
        folder: Path,
        new_context: Callable[[], TimedContext],
        report: Report,
        renew: Callable[[], object] | None = None,
    ) -> None:
        self._folder = folder
        self._renew = renew
        self._renewed = monotonic()
        self._new_context = new_context
        self._report = report
        self._lock = Lock()
        self._looked = monotonic()
        self._trouble = ""
        self._state = _state_of(folder)
        self._served = _load(folder, new_context())

    @property
    def served(self) -> Served:
        """What new connections get. Looks at the files at most once a second."""
        if monotonic() - self._looked >= _LOOKED_AT_EVERY and self._lock.acquire(blocking=False):
            # Others go on with the good one meanwhile.
            try:
                self._look()
            finally:
                self._looked = monotonic()
                self._lock.release()
        return self._served

    def problem(self, now: datetime) -> str | None:
        """Why the certificate is no good at *now*, or None."""
        begins, ends = self.served.validity
        if begins <= now < ends:
            return None
        what = f"ended at {_in_words(ends)}" if begins <= now else f"is not valid before {_in_words(begins)}"
        # It may be the clock that is wrong.
        return f"the certificate {what}, and here it is {_in_words(now)}"

    def _look(self) -> None:
        if self._renew and monotonic() - self._renewed >= _RENEWED_EVERY:
            self._renewed = monotonic()
            try:
                self._renew()
            except Exception as error:  # noqa: BLE001 - what is served is still good: tell, and go on
                self._report("error", f"the certificate could not be renewed: {error}")
        try:
            state = _state_of(self._folder)
            if state == self._state:
                return
            self._served = _load(self._folder, self._new_context())
        except Unusable as bad:
            # Tried again at every look, told once.
            if str(bad) != self._trouble:
                self._trouble = str(bad)
                self._report("warning", f"{bad}; the last good certificate stays")
        else:
            self._state = state
            self._trouble = ""
            ends = _in_words(self._served.validity.ends)
            self._report("info", f"serving a new certificate, valid until {ends}")


def _in_words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _generation(folder: Path) -> Path:
    return (folder / _CURRENT).resolve() if (folder / _CURRENT).exists() else folder


def _state_of(folder: Path) -> _State:
    generation = _generation(folder)
    state = []
    for name in (CERTIFICATE, KEY):
        path = generation / name
        try:
            # Opened, because whoever may see a file may still not read it.
            with path.open("rb") as file:
                found = fstat(file.fileno())
        except OSError as error:
            raise Unusable(f"{folder / name}: {error.strerror}") from error
        state.append((str(path), found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
    return tuple(state)


def _load(folder: Path, context: TimedContext) -> Served:
    generation = _generation(folder)
    certificate, key = generation / CERTIFICATE, generation / KEY
    try:
        context.load_cert_chain(certificate, key, password=partial(_refuse, folder / KEY))
        validity = validity_of(certificate.read_bytes())
    except ssl.SSLError as error:
        reason = (error.reason or "").replace("_", " ").lower() or "no certificate and key in PEM"
        problem = _NO_PAIR if reason.endswith(" mismatch") else reason
        raise Unusable(f"{folder / CERTIFICATE}, {folder / KEY}: {problem}") from error
    except ValueError as error:
        raise Unusable(f"{folder / CERTIFICATE}: {error}") from error
    except OSError as error:
        raise Unusable(f"{folder / CERTIFICATE}, {folder / KEY}: {error.strerror}") from error
    return Served(context, validity)


def _refuse(key: Path) -> bytes:
    # Without this OpenSSL would ask at the terminal.
    raise Unusable(f"{key}: the key is encrypted; serving needs one that is not (openssl pkey decrypts)")
