import socket
import ssl

import pytest
from urllib3 import exceptions as urllib3
from urllib3.connection import HTTPConnection

from webhook.cluster.failure import broken_off, refused, unreadable
from webhook.cluster.trouble import trouble

NOBODY = HTTPConnection("api")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            403,
            b'{"kind":"Status","message":"namespaces is forbidden: User \\"we\\" cannot list","code":403}',
            'missing permission: list namespaces: namespaces is forbidden: User "we" cannot list',
        ),
        (403, b"", "missing permission: list namespaces"),
        (401, b"{}", "list namespaces: the API server does not accept our credentials (401 Unauthorized)"),
        (
            429,
            b'{"message":"slow down"}',
            "list namespaces: the API server answered 429 Too Many Requests: slow down",
        ),
        (502, b"<html>", "list namespaces: the API server answered 502 Bad Gateway: <html>"),
        (499, b"\xff", "list namespaces: the API server answered 499: \ufffd"),
        (
            500,
            b'{"message":7}',
            'list namespaces: the API server answered 500 Internal Server Error: {"message":7}',
        ),
    ],
)
def test_an_answer_is_put_in_words(status: int, body: bytes, words: str) -> None:
    failure = refused("list namespaces", status, body)
    assert (str(failure), failure.status) == (words, status)


@pytest.mark.parametrize(
    ("status", "expired"),
    [
        (410, True),
        (504, True),
        (500, True),
        (400, True),
        (401, False),
        (403, False),
        (429, False),
        (503, False),
    ],
)
def test_only_what_may_be_over_is_begun_anew(status: int, expired: bool) -> None:  # noqa: FBT001 - a column of the table
    assert refused("watch namespaces", status, b"").expired is expired


@pytest.mark.parametrize(
    ("header", "wait"), [("", 0), ("7", 7), ("9999", 30), ("soon", 0), ("-1", 0), ("²", 0)]
)
def test_the_server_may_say_for_how_long_to_leave_it_alone(header: str, wait: float) -> None:
    assert refused("list pods", 429, b"", header).wait == wait


@pytest.mark.parametrize("event", [b"{}", b"[]", b"\xff", b'{"code":410,"message":"too old"}'])
def test_an_error_in_a_watch_ends_it(event: bytes) -> None:
    assert broken_off("watch namespaces", event).expired
    assert unreadable("watch namespaces", "?").expired


def wrapped(outer: BaseException, inner: BaseException) -> BaseException:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            wrapped(urllib3.NewConnectionError(NOBODY, "x"), ConnectionRefusedError(111, "refused")),
            "connection refused: nothing listens at https://api",
        ),
        (
            urllib3.NameResolutionError("api", NOBODY, socket.gaierror(-2, "unknown")),
            "the name in https://api cannot be resolved",
        ),
        (urllib3.ConnectTimeoutError(NOBODY, "x"), "no connection to https://api in time"),
        (TimeoutError("timed out"), "no connection to https://api in time"),
        (
            urllib3.ProtocolError("aborted", ConnectionResetError(104, "reset")),
            "https://api cut the connection",
        ),
        (ssl.SSLError(1, "[SSL] wrong version"), "no TLS with https://api: [SSL] wrong version"),
        (OSError(113, "No route to host"), "cannot talk to https://api: No route to host"),
        (urllib3.HTTPError(), "cannot talk to https://api: HTTPError"),
    ],
)
def test_what_stands_in_the_way_is_put_in_words(error: BaseException, words: str) -> None:
    assert trouble("https://api", error) == words


def test_errors_that_contain_each_other_come_to_an_end() -> None:
    one, other = OSError("one"), OSError("other")
    assert trouble("https://api", wrapped(one, wrapped(other, one)))
