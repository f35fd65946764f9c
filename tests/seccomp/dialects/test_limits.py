"""Hostile texts are refused, or read, in bounded time and memory. The alarm is generous: machines differ."""

import signal
from collections.abc import Callable, Iterator

import pytest

from webhook.seccomp.dialects import Dialect, read
from webhook.seccomp.dialects.text import MAX_BYTES, MAX_VALUES
from webhook.seccomp.profile import Unreadable


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    signal.alarm(60)
    yield
    signal.alarm(0)


def filled(before: str, part: str, after: str = "", size: int = MAX_BYTES) -> bytes:
    times = (size - len(before) - len(after)) // len(part)
    return (before + part * times + after).encode()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a byte too many": (
        lambda: b" " * (MAX_BYTES + 1),
        "the file has 16,777,217 bytes, more than the 16,777,216",
    ),
    "arrays in arrays": (lambda: filled("", "["), "exceeded max depth"),
    "objects in objects": (lambda: filled("", '{"a":'), "exceeded max depth"),
    "one array too deep": (lambda: b"[" * 10_001 + b"]" * 10_001, "exceeded max depth"),
    "rules without end": (lambda: filled('{"syscalls":[{}', ",{}", "]}"), f"more than {MAX_VALUES:,} values"),
    "a text without end": (lambda: filled('{"flags":"', "\\n"), "unexpected end of JSON input"),
    "a number without end": (lambda: filled('{"defaultErrnoRet":', "9", "}"), "cannot unmarshal number 9999"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused(name: str) -> None:
    text, problem = REFUSED[name]

    with pytest.raises(Unreadable) as refused:
        read(text(), Dialect.DOCKER)

    assert problem in refused.value.problem
    assert len(refused.value.problem) < 2048


def test_what_readers_skip_may_be_as_deep_as_go_reads() -> None:
    text = b'{"x":' + b"[" * 9_999 + b"]" * 9_999 + b',"defaultAction":"A"}'

    assert read(text, Dialect.OCI).default_action == "A"


def test_a_large_value_is_read_and_a_large_key_is_shown_in_part() -> None:
    text = filled('{"defaultAction":"A","', "\\ud800", '":1}')

    (remark,) = read(text, Dialect.OCI).remarks

    assert len(remark.key) < 2048


def test_lists_that_grow_and_shrink_cost_no_more_than_their_text() -> None:
    short, long = '"syscalls":[{}],', '"syscalls":[' + ",".join(["{}"] * 2000) + "],"
    text = "{" + (short + long) * 20 + '"flags":[]}'

    assert len(read(text.encode(), Dialect.DOCKER).rules) == 2000


@pytest.mark.parametrize("dialect", Dialect)
def test_a_kernel_that_is_the_whole_file_is_shown_in_part(dialect: Dialect) -> None:
    text = filled('{"syscalls":[{"includes":{"minKernel":["', "\u0080", '"]}}]}', MAX_BYTES // 4)

    try:
        profile = read(text, dialect)
    except Unreadable as refused:
        assert len(refused.problem) < 4096  # noqa: PT017 - only some dialects refuse it
    else:
        assert len(profile.rules) == 1
