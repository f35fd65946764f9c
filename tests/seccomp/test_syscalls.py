import json

from tools import syscalls as maker
from webhook.seccomp import syscalls
from webhook.seccomp.architectures import ARCHITECTURES


def test_the_numbers_are_those_of_the_package_that_they_were_taken_from() -> None:
    written = json.loads(maker.PLACE.read_text())

    assert written["kernel"] == maker.kernel(), "python -m tools.syscalls writes it anew"


def test_the_file_is_written_as_the_program_writes_it() -> None:
    written = maker.PLACE.read_text()
    read = json.loads(written)

    assert maker.text(read["kernel"], read["libseccomp"], read["generated"]) == written


def test_every_architecture_has_calls_and_their_names() -> None:
    for architecture in ARCHITECTURES:
        numbers = syscalls.names(architecture)
        assert numbers["read"] is not None
        assert syscalls.name_of(numbers["read"], architecture) == "read"


def test_what_nobody_knows_has_no_number() -> None:
    assert syscalls.number_of("nope", "SCMP_ARCH_X86_64") is None
    assert syscalls.name_of(9_999, "SCMP_ARCH_X86_64") is None
    assert dict(syscalls.names("SCMP_ARCH_VAX")) == {}


def test_a_call_is_known_from_the_release_on_that_brought_it() -> None:
    assert syscalls.known_since("mseal") == (2, 5, 6)
    assert not syscalls.is_known("mseal", (2, 5, 5))
    assert syscalls.is_known("read", (2, 4, 0))
    assert syscalls.known_since("nope") is None


def test_some_numbers_are_libseccomp_s_own_affair() -> None:
    # The kernel calls 341 sync_file_range2 on ARM, libseccomp arm_sync_file_range.
    assert syscalls.filtered_number("sync_file_range2", "SCMP_ARCH_ARM", (2, 6, 1)) is None
    assert syscalls.filtered_number("arm_sync_file_range", "SCMP_ARCH_ARM", (2, 6, 1)) == 341
    assert syscalls.filtered_number("memfd_secret", "SCMP_ARCH_S390X", (2, 5, 4)) is None
    assert syscalls.name_of(341, "SCMP_ARCH_ARM") == "sync_file_range2"


def test_the_table_says_where_it_is_from() -> None:
    origin = syscalls.origin()

    assert origin.package.startswith("system-calls ")
    assert origin.date >= "2026-11-22"
