import base64
from datetime import datetime, timedelta

import pytest

from certs import authority, records
from certs.authorities import Authorities
from certs.names import Names
from certs.places import Refused

DAY = timedelta(days=1)


@pytest.fixture
def full(names: Names, now: datetime) -> Authorities:
    """Three authorities in the middle of a rotation."""
    old, signer, following = (authority.create(names, now=now, lifetime=life * DAY) for life in (50, 70, 90))
    return (
        Authorities(signer=signer, following=following, earlier=(old.certificate,), read_back=now)
        .with_leaf_until(old.certificate, now + DAY)
        .with_leaf_until(signer.certificate, now + 9 * DAY)
    )


def test_what_is_kept_comes_back(full: Authorities) -> None:
    files = records.files_of(full)
    back = records.authorities_in(files, "there")

    assert records.files_of(back) == files
    assert back.bundle == full.bundle
    assert back.leaves_end == full.leaves_end
    assert back.read_back == full.read_back


def test_nothing_kept_is_no_authority(full: Authorities) -> None:
    assert records.authorities_in({}, "there") == Authorities()
    assert records.authorities_in({"note": b""}, "there") == Authorities()
    assert records.authorities_in(records.files_of(Authorities()), "there") == Authorities()
    assert set(records.files_of(full)) == set(records.FILES)


@pytest.mark.parametrize("name", records.FILES)
@pytest.mark.parametrize(
    "broken", [None, b"", b"-----BEGIN CERTIFICATE-----\n", b"{}", b"\xff", b"[]", b"null"]
)
def test_a_part_that_is_missing_or_broken_is_refused_by_its_name(
    full: Authorities, name: str, broken: bytes | None
) -> None:
    files = records.files_of(full)
    files.pop(name)
    if broken is not None:
        files[name] = broken

    with pytest.raises(Refused, match=r"^there: .*; put back what was there, or delete all of it"):
        records.authorities_in(files, "there")


@pytest.mark.parametrize("name", records.FILES)
def test_half_of_a_part_is_refused(full: Authorities, name: str) -> None:
    files = records.files_of(full)
    files[name] = files[name][: len(files[name]) // 2]

    with pytest.raises(Refused):
        records.authorities_in(files, "there")


def on_another_curve(text: bytes) -> bytes:
    """*text* in PEM, of a curve that no library knows."""
    begin, *lines, end = text.splitlines()
    curve = bytes.fromhex("2a8648ce3d0301")
    other = base64.b64decode(b"".join(lines)).replace(curve + b"\x07", curve + b"\x06")
    return b"\n".join([begin, base64.b64encode(other), end]) + b"\n"


@pytest.mark.parametrize("name", ["ca.crt", "ca.key", "next.crt", "next.key"])
def test_a_curve_that_nobody_knows_is_refused(full: Authorities, name: str) -> None:
    files = records.files_of(full)
    files[name] = on_another_curve(files[name])

    with pytest.raises(Refused):
        records.authorities_in(files, "there")


def test_the_second_half_of_two_old_authorities_is_missed(
    full: Authorities, names: Names, now: datetime
) -> None:
    another = authority.create(names, now=now, lifetime=DAY).certificate
    files = records.files_of(full.with_earlier(another, now + DAY))
    files["old.crt"] = files["old.crt"][:-40]

    with pytest.raises(Refused, match="no whole certificate"):
        records.authorities_in(files, "there")


def test_an_authority_with_leaves_may_not_vanish(full: Authorities) -> None:
    files = records.files_of(full)
    del files["old.crt"]

    with pytest.raises(Refused, match=authority.fingerprint(full.earlier[0])):
        records.authorities_in(files, "there")


def test_keys_may_not_be_mixed_up(full: Authorities) -> None:
    files = records.files_of(full)
    files["ca.key"], files["next.key"] = files["next.key"], files["ca.key"]

    with pytest.raises(Refused, match=r"ca\.key is not the key of ca\.crt"):
        records.authorities_in(files, "there")


def test_a_promotion_keeps_no_key_of_the_one_before(full: Authorities) -> None:
    promoted = records.files_of(full.promoted())

    assert promoted["ca.key"] == records.files_of(full)["next.key"]
    assert "next.key" not in promoted
    assert b"".join(promoted.values()).count(b"PRIVATE KEY") == 2
    assert full.promoted().bundle == full.bundle
