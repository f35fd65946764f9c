"""What is read from the bytes of a connection, however they come."""

import re
import tracemalloc
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from webhook.server.exchange import LARGEST_BODY, Unread
from webhook.server.http.reader import (
    LARGEST_HEAD,
    LONGEST_LINE,
    MOST_FIELDS,
    Began,
    Broken,
    Ended,
    Event,
    Reader,
)

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("reader_cases.yaml").read_text())
SPECIAL = {
    "LF": "\n", "CR": "\r", "NUL": "\0", "VT": "\v", "TAB": "\t", "SYN": "\x16", "ETX": "\3", "SOH": "\1"
}  # fmt: skip

REQUEST = b"POST /validate HTTP/1.1\r\n%b\r\n"
CHUNKED = REQUEST % b"Transfer-Encoding: chunked\r\n"
PIECE = 16 * 1024


def bytes_of(sent: str) -> bytes:
    """What a case sends."""
    whole = sent.rstrip("\n").removesuffix("~") if sent.rstrip("\n").endswith("~") else f"{sent}\n"
    return re.sub(r"<([A-Z]+)>", lambda found: SPECIAL[found[1]], whole.replace("\n", "\r\n")).encode(
        "latin-1"
    )


SAMPLES = [bytes_of(case["sent"]) for case in CASES]


def fed(pieces: Iterable[bytes]) -> list[Event]:
    reader = Reader()
    return [event for piece in pieces for event in reader.feed(piece)]


def shown(events: list[Event]) -> list[Any]:
    """The events as cases have them; one that is refused shows no more than that."""
    seen: list[Any] = []
    for event in events:
        if isinstance(event, Began):
            seen.append([event.head.method, event.head.path, event.head.query])
        elif isinstance(event, Ended) and isinstance(event.body, bytes):
            seen[-1].append(event.body.decode())
        else:
            reply = event.reply if isinstance(event, Broken) else event.body.reply  # type: ignore[union-attr]  # no bytes, as just seen
            if seen and len(seen[-1]) == 3:
                seen.pop()
            seen.append(reply.status)
    return seen


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_read(case: dict[str, Any]) -> None:
    events = fed([bytes_of(case["sent"])])
    began = [event for event in events if isinstance(event, Began)]

    assert shown(events) == case["read"]
    if "headers" in case:
        assert began[0].head.headers == case["headers"]
    if "keeps" in case:
        assert began[0].keeps is case["keeps"]
    if "expects" in case:
        assert began[0].expects_continue is case["expects"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_bytes_that_come_one_by_one_say_the_same(case: dict[str, Any]) -> None:
    whole = bytes_of(case["sent"])

    assert fed(whole[at : at + 1] for at in range(len(whole))) == fed([whole])


@st.composite
def cut(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Some of the samples behind one another, some with a flaw, whole and in pieces."""
    whole = b"".join(draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=4)))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(whole)))
        whole = whole[:at] + draw(st.binary(max_size=4)) + whole[at + draw(st.integers(0, 4)) :]
    places = sorted(draw(st.sets(st.integers(0, len(whole)), max_size=12)) | {0, len(whole)})
    return whole, [whole[start:end] for start, end in pairwise(places)]


@given(cut())
def test_how_bytes_are_cut_into_pieces_says_nothing(sent: tuple[bytes, list[bytes]]) -> None:
    whole, pieces = sent

    assert fed(pieces) == fed([whole])


@given(cut())
def test_requests_begin_and_end_in_turn_and_nothing_follows_a_refusal(
    sent: tuple[bytes, list[bytes]],
) -> None:
    _, pieces = sent
    is_open = False
    for number, event in enumerate(events := fed(pieces), 1):
        if isinstance(event, Broken):
            assert number == len(events)
        else:
            assert isinstance(event, Ended) is is_open
            is_open = not is_open


def pieces_of(whole: bytes, size: int = PIECE) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


def refusal(pieces: Iterable[bytes]) -> str:
    *_, last = fed(pieces)
    assert isinstance(last, Broken)
    return f"{last.reply.status} {last.reply.reason}"


@pytest.mark.parametrize("size", [1, PIECE, 1 << 20])
@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * LONGEST_LINE + b" HTTP/1.1\r\n\r\n", 414),
        (REQUEST % (b"X: y\r\n" * (MOST_FIELDS + 1)), 431),
        (REQUEST % (b"X: " + b"y" * LARGEST_HEAD + b"\r\n"), 431),
        (REQUEST % (b"X" * LARGEST_HEAD + b": y\r\n"), 431),
    ],
)
def test_a_head_beyond_the_limits_is_refused(head: bytes, status: int, size: int) -> None:
    assert refusal(pieces_of(head, size)) == f"{status} head_too_large"


@pytest.mark.parametrize("size", [1, PIECE, 1 << 20])
@pytest.mark.parametrize(
    "head",
    [
        b"POST /" + b"a" * (LONGEST_LINE - 1) + b" HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
        REQUEST % (b"Content-Length: 1\r\n" + b"X: y\r\n" * (MOST_FIELDS - 1)),
        REQUEST % (b"Content-Length: 1\r\nX: " + b"y" * (LARGEST_HEAD - 100) + b"\r\n"),
    ],
)
def test_a_head_within_the_limits_is_read(head: bytes, size: int) -> None:
    began, ended = fed(pieces_of(head + b"x", size))

    assert isinstance(began, Began)
    assert ended == Ended(b"x")


# What a client may send that is no body, and never ends.
ENDLESS = {
    "a field": (b"GET / HTTP/1.1\r\nX: ", b"a"),
    "the name of a field": (b"GET / HTTP/1.1\r\n", b"a"),
    "fields": (b"GET / HTTP/1.1\r\n", b"X: y\r\n"),
    "an address": (b"GET /", b"a"),
    "a whole address": (b"GET http://", b"a"),
    "a field of a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX: ", b"a"),
    "the name of a field of a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"a"),
    "a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n"),
    "an extension": (CHUNKED + b"2;x=", b"a"),
    "a quoted extension": (CHUNKED + b'2;x="', b"a"),
    "a size": (CHUNKED, b"0"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_is_no_body_and_does_not_end_is_refused_soon_and_costs_little(what: str) -> None:
    start, more = ENDLESS[what]
    reader = Reader()
    events = reader.feed(start)
    sent = 0
    piece = more * (PIECE // len(more))
    tracemalloc.start()
    while not any(isinstance(event, Broken) for event in events):
        assert sent < 4 * LARGEST_HEAD
        events = reader.feed(piece)
        sent += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * LARGEST_HEAD


def test_small_chunks_cost_no_more_than_large_ones() -> None:
    reader = Reader()
    events = reader.feed(CHUNKED)
    piece = b"1\r\nx\r\n" * (PIECE // 6)
    sent = 0
    while not any(isinstance(event, Ended) for event in events):
        events = reader.feed(piece)
        sent += len(piece)
        assert reader.held <= LARGEST_BODY
        assert sent < 3 * LARGEST_BODY

    assert events == [Ended(Unread.TOO_LARGE)]


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_no_more_of_a_body_is_held_than_may_be_sent(framing: str) -> None:
    reader = Reader()
    if framing == "length":
        events = reader.feed(REQUEST % b"Content-Length: 99999999\r\n")
        piece = b"x" * PIECE
    else:
        events = reader.feed(CHUNKED)
        piece = b"%x\r\n%b\r\n" % (PIECE, b"x" * PIECE)
    sent = 0
    while not any(isinstance(event, Ended) for event in events):
        events = reader.feed(piece)
        sent += PIECE
        assert reader.held <= LARGEST_BODY

    assert events == [Ended(Unread.TOO_LARGE)]
    assert sent <= LARGEST_BODY + PIECE
    assert reader.feed(piece) == []


@pytest.mark.parametrize("size", [0, 1, PIECE, LARGEST_BODY - 1])
def test_a_body_is_held_until_it_is_whole_and_no_longer(size: int) -> None:
    reader = Reader()
    reader.feed(REQUEST % b"Content-Length: %d\r\n" % (size + 1))
    for piece in pieces_of(b"x" * size):
        reader.feed(piece)
    before = reader.held
    reader.feed(b"x")

    assert (before, reader.held) == (size, 0)
    assert not reader.in_message
