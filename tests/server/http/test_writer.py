"""What answers look like on the wire."""

import email.utils
from http import HTTPStatus
from http.client import HTTPResponse
from io import BytesIO
from time import time

import pytest

from webhook.server.exchange import JSON, Reply, Unread, says
from webhook.server.http.writer import CONTINUE, encoded

REPLIES = [
    Reply(200, b'{"kind":"AdmissionReview"}', JSON),
    says(405, "GET alone", allow="GET, HEAD"),
    says(500, ""),
    *(why.reply for why in Unread),
]


class Wire:
    """Bytes for ``http.client``, which reads them as a client does."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self._sent)


def read(sent: bytes, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    response = HTTPResponse(Wire(sent), method=method)  # type: ignore[arg-type]  # all that it asks of a socket
    response.begin()
    return response, response.read()


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply.status)
@pytest.mark.parametrize("closes", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_client_reads_what_was_answered(reply: Reply, version: str, *, closes: bool) -> None:
    response, body = read(encoded(reply, version=version, closes=closes))

    assert (response.status, response.reason) == (reply.status, HTTPStatus(reply.status).phrase)
    assert response.version == {"1.0": 10, "1.1": 11}[version]
    assert body == reply.body
    assert response.headers["Content-Type"] == reply.content_type
    assert response.headers["Content-Length"] == str(len(reply.body))
    assert response.headers["Allow"] == (reply.allow or None)
    assert response.headers["Connection"] == ("close" if closes else "keep-alive")
    assert "Retry-After" not in response.headers


def test_an_answer_to_head_says_how_long_the_body_would_be() -> None:
    reply = REPLIES[0]
    sent = encoded(reply, closes=False, without_body=True)
    response, body = read(sent, "HEAD")

    assert response.headers["Content-Length"] == str(len(reply.body))
    assert body == b""
    assert sent.endswith(b"\r\n\r\n")


def test_the_date_is_that_of_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = []
    for moment in (0.0, 0.9, 1.0, 1e9):
        monkeypatch.setattr("webhook.server.http.writer.time", lambda now=moment: now)
        dates.append(read(encoded(REPLIES[0], closes=False))[0].headers["Date"])
    monkeypatch.undo()
    now = email.utils.parsedate_to_datetime(
        read(encoded(REPLIES[0], closes=False))[0].headers["Date"]
    ).timestamp()

    assert dates == [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:01 GMT",
        "Sun, 09 Sep 2001 01:46:40 GMT",
    ]
    assert abs(now - time()) < 60


def test_who_waits_is_told_to_go_on() -> None:
    assert CONTINUE == b"HTTP/1.1 100 Continue\r\n\r\n"
