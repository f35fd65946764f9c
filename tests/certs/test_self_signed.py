from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from certs.names import Names
from certs.places import Refused
from certs.self_signed import AUTHORITY_LIFETIME, LEAF_LIFETIME, SelfSigned, self_signed

DAY = timedelta(days=1)
GARBAGE = [b"", b"-----BEGIN CERTIFICATE-----\n", b"\x00\xff"]

Start = Callable[..., SelfSigned]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


@pytest.fixture
def start(folder: Path, names: Names, now: datetime) -> Start:
    """A start of the server, some time after the first."""

    def started(after: timedelta = timedelta(), wanted: Names = names) -> SelfSigned:
        return self_signed(folder, wanted, now=now + after)

    return started


@pytest.fixture
def verdict(folder: Path, now: datetime, verify: Callable[..., str]) -> Callable[[str], str]:
    """What openssl says of the folder's certificates for a name."""

    def judge(name: str) -> str:
        authority, leaf = (
            x509.load_pem_x509_certificate((folder / file).read_bytes()) for file in ("ca.crt", "tls.crt")
        )
        return verify(authority, leaf, now, "-verify_hostname", name)

    return judge


def test_an_empty_folder_gets_an_authority_and_a_leaf_that_it_vouches_for(
    start: Start, folder: Path, verdict: Callable[[str], str]
) -> None:
    first = start()

    assert first.authority_is_new
    assert first.authority == folder / "ca.crt"
    assert str(first.names) == "hook.security.svc, localhost, 10.1.2.3, 127.0.0.1, ::1"
    assert (verdict("hook.security.svc"), verdict("localhost")) == ("", "")


def test_the_next_start_reuses_all_of_it(start: Start, folder: Path) -> None:
    first = start()
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    again = start(after=DAY)

    assert len(before) == 4
    assert again.made == ()
    assert not again.authority_is_new
    assert (again.fingerprint, again.ends) == (first.fingerprint, first.ends)
    assert {path: path.read_bytes() for path in before} == before


def test_a_due_leaf_is_renewed_by_the_same_authority(start: Start) -> None:
    first = start()

    later = start(after=LEAF_LIFETIME * 2 / 3)

    assert later.made == ("the serving certificate ends at 2026-05-30",)
    assert later.fingerprint == first.fingerprint
    assert later.ends > first.ends


def test_another_service_name_is_added_without_a_new_authority(start: Start) -> None:
    first = start()

    more = start(wanted=Names.parse(["hook.elsewhere.svc"]))

    assert more.made == ("the serving certificate lacked hook.elsewhere.svc",)
    assert more.fingerprint == first.fingerprint


def test_a_name_that_a_valid_authority_may_not_vouch_for_is_refused(start: Start) -> None:
    first = start()

    with pytest.raises(Refused, match=r"may not vouch for example\.com; name another folder"):
        start(wanted=Names.parse(["example.com", "hook.security.svc"]))

    assert start(wanted=Names()).fingerprint == first.fingerprint


def test_an_authority_that_has_ended_is_replaced_and_said_to_be_new(start: Start) -> None:
    first = start()

    after = start(after=AUTHORITY_LIFETIME)

    assert after.authority_is_new
    assert after.made[0] == "there was no valid authority"
    assert after.fingerprint != first.fingerprint


def test_a_clock_before_the_authority_is_refused(start: Start) -> None:
    start()

    with pytest.raises(Refused, match="is the clock right"):
        start(after=-DAY)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [("ca.crt", "ca.crt: not a certificate"), ("ca.key", "ca.key: not the key of ca.crt")],
)
@pytest.mark.parametrize("content", GARBAGE)
def test_a_broken_authority_is_never_silently_replaced(
    start: Start, folder: Path, broken: str, problem: str, content: bytes
) -> None:
    start()
    (folder / broken).write_bytes(content)

    with pytest.raises(Refused, match=problem):
        start()


@pytest.mark.parametrize("broken", ["tls.crt", "tls.key"])
@pytest.mark.parametrize("content", [None, *GARBAGE])
def test_a_broken_leaf_is_made_again(
    start: Start, folder: Path, verdict: Callable[[str], str], broken: str, content: bytes | None
) -> None:
    first = start()
    path = (folder / broken).resolve()
    path.unlink() if content is None else path.write_bytes(content)

    again = start()

    assert again.made == ("there was no serving certificate",)
    assert again.fingerprint == first.fingerprint
    assert verdict("hook.security.svc") == ""


def test_the_key_of_another_authority_is_refused(
    start: Start, folder: Path, names: Names, now: datetime
) -> None:
    start()
    self_signed(folder / "other", names, now=now)
    (folder / "ca.key").write_bytes((folder / "other" / "ca.key").read_bytes())

    with pytest.raises(Refused, match="not the key"):
        start()


def test_certificates_of_somebody_else_are_never_replaced(start: Start, folder: Path) -> None:
    folder.mkdir()
    (folder / "tls.crt").write_text("mine")

    with pytest.raises(Refused, match="was not made here and will not be replaced"):
        start()
    assert (folder / "tls.crt").read_text() == "mine"


def test_what_was_begun_and_never_finished_does_not_stand_in_the_way(start: Start, folder: Path) -> None:
    (folder / "..generation-half").mkdir(parents=True)
    (folder / "tls.crt").symlink_to("..data/tls.crt")

    assert start().authority_is_new
    assert not (folder / "..generation-half").exists()
