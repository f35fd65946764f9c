"""Why a request is answered by its head alone, in words.

Source: the sentences are those of the built-in plugin's webhook where it has one.
"""

from typing import Final

from webhook.server.exchange import JSON, LARGEST_BODY, Head, Reply, Unread, says

NOT_HERE: Final = says(
    404,
    "nothing is here: reviews go to POST /validate or /mutate; GET /livez, /readyz and /metrics tell more",
    reason="not_found",
)
_NOT_JSON: Final = says(
    415, "unable to process a request with a non-json content type", reason="content_type"
)
_ENCODED: Final = says(415, "unable to process a request with a content encoding", reason="content_encoding")
EMPTY: Final = says(400, "request body is empty", reason="empty")
CROWDED: Final = says(503, "too many reviews at once; try again", reason="crowded")
LATE: Final = says(503, "too late: the time that the caller gave this review is over", reason="late")


def refused_review(head: Head) -> Reply | None:
    """The answer to a review whose head alone forbids to read its body, or None."""
    length = head.content_length
    if length == 0:
        return EMPTY
    if length is not None and length > LARGEST_BODY:
        return Unread.TOO_LARGE.reply
    if not _is_json(head.headers.get("content-type", "")):
        return closing(_NOT_JSON, head)
    if head.headers.get("content-encoding", "identity").lower() != "identity":
        return closing(_ENCODED, head)
    return None


def wrong_method(head: Head, methods: tuple[str, ...]) -> Reply:
    """The answer at a path that takes other *methods*, the first of which is the one to use."""
    words = f"{head.path} answers to {methods[0]} alone"
    return says(405, words, reason="method", allow=", ".join(methods))


def closing(reply: Reply, head: Head) -> Reply:
    """*reply*, and the end of the connection where a body follows that nobody will read."""
    return reply if head.content_length == 0 else reply._replace(closes=True)


def _is_json(content_type: str) -> bool:
    """Whether the content type is JSON's; its parameters say nothing, for JSON is always UTF-8."""
    return content_type == JSON or content_type.partition(";")[0].strip().lower() == JSON
