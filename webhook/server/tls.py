"""The certificate that is served: read from a folder, renewed while the server runs.

Both files are read from one generation, as a mounted Secret has them, into a whole new context; a
context in use is never touched. A pair that cannot be used changes nothing: the last good one stays.
"""

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple, Protocol

from webhook.server.context import server_context
from webhook.server.file_state import FileState, state_of
from webhook.server.options import CannotServe
from webhook.server.validity import Validity, validity_of

CERTIFICATE: Final = "tls.crt"
KEY: Final = "tls.key"

_RENEWED_EVERY: Final = 3600.0
_CURRENT: Final = "..data"
_LARGEST: Final = 1024 * 1024
"""Bytes of a file: no Secret holds more."""
_NO_PAIR: Final = "the key is not that of the certificate"


class Observer(Protocol):
    """Told of what is served."""

    def changed(self, ends: datetime) -> None:
        """A new certificate is served, one that ends then."""

    def trusts(self) -> None:
        """Clients are verified by another authority."""

    def kept(self, problem: str) -> None:
        """The last good one stays, because of *problem*; told once for each."""


class Unusable(CannotServe):
    """The files cannot be served; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Served:
    """A context, the files that it is of, and when its certificate is valid."""

    context: ssl.SSLContext
    certificate: bytes
    client_authority: bytes
    validity: Validity


class Source(NamedTuple):
    """Where the files are: a folder with the pair, and the authority of clients where they are verified."""

    folder: Path
    client_authority: Path | None = None


class Credentials:
    """What *source* holds, new whenever it is. Raises Unusable where that is nothing at first.

    *renew*, where there is one, is called once an hour, and may make the files new.
    """

    def __init__(self, source: Source, observer: Observer, renew: Callable[[], object] | None = None) -> None:
        self._source = source
        self._observer = observer
        self._renew = renew
        self._renewed = monotonic()
        self._lock = Lock()
        self._trouble = ""
        self._state = _states_of(source)
        self._served = _load(source)

    @property
    def served(self) -> Served:
        """What new connections get."""
        return self._served

    def look(self) -> None:
        """Read the files if they have changed; several threads may ask for it. Raises nothing."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._look()
        finally:
            self._lock.release()

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
                self._observer.kept(f"the certificate could not be renewed: {error}")
        try:
            state = _states_of(self._source)
            if state == self._state:
                return
            before, self._served = self._served, _load(self._source)
        except Unusable as bad:
            # Tried again at every look, told once.
            if str(bad) != self._trouble:
                self._trouble = str(bad)
                self._observer.kept(f"{bad}; the last good certificate stays")
        else:
            self._state = state
            trouble, self._trouble = self._trouble, ""
            # Files that were still being written are read twice, and told of once.
            if self._served.certificate != before.certificate or trouble:
                self._observer.changed(self._served.validity.ends)
            if self._served.client_authority != before.client_authority:
                self._observer.trusts()


def _in_words(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _generation(folder: Path) -> Path:
    return (folder / _CURRENT).resolve() if (folder / _CURRENT).exists() else folder


def _states_of(source: Source) -> tuple[FileState, ...]:
    folder, client_authority = source
    generation = _generation(folder)
    shown = [(folder / name, generation / name) for name in (CERTIFICATE, KEY)]
    if client_authority is not None:
        shown.append((client_authority, client_authority))
    states = []
    for name, path in shown:
        try:
            # Opened, because whoever may see a file may still not read it; a pipe without a writer would
            # keep whoever opens it for ever.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                found = os.fstat(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise Unusable(f"{name}: {error.strerror}") from error
        if not S_ISREG(found.st_mode):
            raise Unusable(f"{name}: not a regular file")
        if found.st_size > _LARGEST:
            raise Unusable(f"{name}: larger than {_LARGEST:,} bytes")
        states.append(state_of(path, found))
    return tuple(states)


def _load(source: Source) -> Served:
    folder, client_authority = source
    try:
        context = server_context(client_authority)
        trusted = client_authority.read_bytes() if client_authority else b""
    except ssl.SSLError as error:
        raise Unusable(f"{client_authority}: there is no certificate in it, in PEM") from error
    except OSError as error:
        raise Unusable(f"{client_authority}: {error.strerror}") from error
    generation = _generation(folder)
    certificate, key = generation / CERTIFICATE, generation / KEY
    try:
        context.load_cert_chain(certificate, key, password=partial(_refuse, folder / KEY))
        pem = certificate.read_bytes()
        validity = validity_of(pem)
    except ssl.SSLError as error:
        reason = (error.reason or "").replace("_", " ").lower() or "no certificate and key in PEM"
        problem = _NO_PAIR if reason.endswith(" mismatch") else reason
        raise Unusable(f"{folder / CERTIFICATE}, {folder / KEY}: {problem}") from error
    except ValueError as error:
        raise Unusable(f"{folder / CERTIFICATE}: {error}") from error
    except OSError as error:
        raise Unusable(f"{folder / CERTIFICATE}, {folder / KEY}: {error.strerror}") from error
    return Served(context, pem, trusted, validity)


def _refuse(key: Path) -> bytes:
    # Without this OpenSSL would ask at the terminal.
    raise Unusable(f"{key}: the key is encrypted; serving needs one that is not (openssl pkey decrypts)")
