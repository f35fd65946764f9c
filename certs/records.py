"""Authorities as files, and back: refused as a whole when any of it is not as it was written. PURE."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm

from certs import pem
from certs.authorities import Authorities
from certs.authority import Authority, fingerprint
from certs.places import Refused

AUTHORITY: Final = ("ca.crt", "ca.key")
FOLLOWING: Final = ("next.crt", "next.key")
EARLIER: Final = "old.crt"
ROTATION: Final = "rotation.json"
FILES: Final = (*AUTHORITY, *FOLLOWING, EARLIER, ROTATION)

_FORMAT: Final = 1
_AS_IT_WAS: Final = (
    "put back what was there, or delete all of it: a new authority then follows, without an outage"
)


def files_of(authorities: Authorities) -> dict[str, bytes]:
    """The files that keep *authorities*."""
    files: dict[str, bytes] = {}
    for (certificate, key), authority in (
        (AUTHORITY, authorities.signer),
        (FOLLOWING, authorities.following),
    ):
        if authority is not None:
            files[certificate] = pem.written((authority.certificate,))
            files[key] = pem.written_key(authority.key)
    if authorities.earlier:
        files[EARLIER] = pem.written(authorities.earlier)
    read_back = authorities.read_back
    rotation = {
        "format": _FORMAT,
        "leavesEnd": {name: end.isoformat() for name, end in sorted(authorities.leaves_end.items())},
        "readBack": read_back.isoformat() if read_back else None,
    }
    files[ROTATION] = json.dumps(rotation, indent=1).encode() + b"\n"
    return files


def authorities_in(files: Mapping[str, bytes], place: str) -> Authorities:
    """The authorities that the *files* in *place* keep; no files are no authorities. Raises Refused."""
    if not any(name in files for name in FILES):
        return Authorities()
    if ROTATION not in files:
        raise Refused(f"{place}: {ROTATION} is missing; {_AS_IT_WAS}")
    try:
        leaves_end, read_back = _rotation(files[ROTATION])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{place}: {ROTATION}: not as it was written ({error}); {_AS_IT_WAS}") from error
    try:
        earlier = pem.certificates(files[EARLIER]) if EARLIER in files else ()
    except ValueError as error:
        raise Refused(f"{place}: {EARLIER}: {error}; {_AS_IT_WAS}") from error
    found = Authorities(
        _authority(files, AUTHORITY, place),
        _authority(files, FOLLOWING, place),
        earlier,
        leaves_end,
        read_back,
    )
    missing = leaves_end.keys() - set(map(fingerprint, found.certificates))
    if missing:
        raise Refused(
            f"{place}: the authority with the SHA-256 fingerprint {min(missing)} is missing, "
            f"of which leaves may still be served; {_AS_IT_WAS}"
        )
    return found


def _authority(files: Mapping[str, bytes], names: tuple[str, str], place: str) -> Authority | None:
    present = [name for name in names if name in files]
    if not present:
        return None
    if len(present) < len(names):
        raise Refused(f"{place}: there is {present[0]} and no {({*names} - {*present}).pop()}; {_AS_IT_WAS}")
    name = names[0]
    try:
        certificate = pem.certificate(files[name])
        name = names[1]
        key = pem.key(files[name])
    except ValueError as error:
        raise Refused(f"{place}: {name}: {error}; {_AS_IT_WAS}") from error
    try:
        is_its_key = key.public_key() == certificate.public_key()
    except UnsupportedAlgorithm:
        is_its_key = False
    if not is_its_key:
        raise Refused(f"{place}: {names[1]} is not the key of {names[0]}; {_AS_IT_WAS}")
    return Authority(certificate, key)


def _rotation(text: bytes) -> tuple[dict[str, datetime], datetime | None]:
    said: dict[str, Any] = json.loads(text)
    if said["format"] != _FORMAT:
        raise ValueError(f"format {said['format']!r} is not {_FORMAT}")
    noted = said["readBack"]
    return (
        {str(name): _time(end) for name, end in said["leavesEnd"].items()},
        _time(noted) if noted else None,
    )


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
