"""Every answer that the server gives, made from the parts of a request, without a web framework or a socket.

``webhook.server.application`` reaches it through Flask, ``webhook.server.dispatch`` straight from an event
loop; both answer the same bytes.
Source: Kubernetes documentation, "Dynamic Admission Control", for the answer to a review; the sentences of
refusals are those of the built-in plugin's webhook where it has one.
"""

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Final, NamedTuple, Protocol

from webhook.admission import Answer, MustWait, NotAReview
from webhook.server.capacity import Crowded, Places
from webhook.server.decisions import DecisionLog
from webhook.server.exchange import JSON, Head, Reply, Unread, says
from webhook.server.health import ALIVE, Waiting, readiness
from webhook.server.journal import Journal, cut
from webhook.server.metrics import Metrics
from webhook.server.refusals import CROWDED, EMPTY, LATE, NOT_HERE, closing, refused_review, wrong_method
from webhook.server.timeouts import timeout_in

_PATIENCE: Final = 1.0
"""Seconds that a review waits for its turn where its caller sets no time."""
_SMALL: Final = 32 * 1024
_FEW: Final = 1000
"""Bytes, and commas, of a review that is decided in some milliseconds at most, whatever is in it.

An empty container is three bytes, and costs some ten microseconds to judge and to tell of.
"""

_BROKEN = says(500, "internal server error", reason="bug")


class Decide(Protocol):
    """``webhook.admission.review`` with everything but the body and the deadline filled in."""

    def __call__(self, body: bytes, *, deadline: float | None) -> Answer:
        """The answer to the review in *body*, due at *deadline* on the monotonic clock.

        Raises NotAReview, and MustWait where it must not take time and would.
        """
        ...


class Route(NamedTuple):
    """What a path answers to: one method, the function for it, and for reviews what decides at once."""

    method: str
    reply: Callable[[Head, bytes, float], Reply]
    at_once: "Decide | None" = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that are answered: HEAD as GET; the web server leaves out the body."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)


class Door:
    """What the server answers at each of its paths, and what it logs and counts of that.

    *at_once* decides as *decide* does, or raises MustWait; without it, every review may take time. *mutate*
    and *mutate_at_once* are the same for what is put into pods.
    *places* is how many reviews take time at once; *lines_a_second* is as of ``DecisionLog``.
    """

    def __init__(  # noqa: PLR0913 - the parts of the server meet here, and each has its name
        self,
        decide: Decide,
        *,
        journal: Journal,
        metrics: Metrics,
        at_once: Decide | None = None,
        mutate: Decide | None = None,
        mutate_at_once: Decide | None = None,
        waiting: Sequence[Waiting] = (),
        places: int = 32,
        lines_a_second: int = 0,
    ) -> None:
        self._journal = journal
        self._metrics = metrics
        self._waiting = waiting
        self._places = Places(places)
        self._decisions = DecisionLog(journal, lines_a_second)
        self.routes: Final = {
            "/validate": Route("POST", partial(self._in_turn, decide), at_once),
            **({"/mutate": Route("POST", partial(self._in_turn, mutate), mutate_at_once)} if mutate else {}),
            "/livez": Route("GET", lambda _head, _body, _since: ALIVE),
            "/readyz": Route("GET", lambda _head, _body, _since: readiness(self._waiting)),
            "/metrics": Route("GET", self._exposition),
        }

    def refusal(self, head: Head) -> Reply | None:
        """The answer where the head of a request is enough for one: its body need not be read."""
        route = self.routes.get(head.path)
        if route is None:
            return closing(NOT_HERE, head)
        if head.method != route.method and head.method not in route.methods:
            return closing(wrong_method(head, route.methods), head)
        return refused_review(head) if route.method == "POST" else None

    def refused(self, head: Head | None, reply: Reply, since: float) -> Reply:
        """*reply* to a request that came at *since* and is not looked at, after it is told and counted."""
        what = f"{head.method} {cut(head.path)}" if head else "a request that cannot be read"
        self._journal.say("warning", "refused", f"{what}: {reply.body.decode().rstrip()}")
        return self._finished(head, reply, since)

    def reply(self, head: Head, body: bytes | Unread, since: float) -> Reply:
        """The answer to a request whose head came at *since*, on the monotonic clock. Raises nothing."""
        refusal = self.refusal(head)
        if refusal is None and isinstance(body, Unread):
            refusal = body.reply
        if refusal is not None:
            return self.refused(head, refusal, since)
        return self._finished(
            head, self._answer(head, b"" if isinstance(body, Unread) else body, since), since
        )

    def reply_at_once(self, head: Head, body: bytes, since: float) -> Reply | None:
        """As ``reply`` to a request that is not refused, but None where that would take time."""
        at_once = self.routes[head.path].at_once
        if at_once is None or len(body) > _SMALL or body.count(b",") > _FEW:
            return None
        try:
            reply = self._decided(at_once, head, body, since)
        except MustWait:
            return None
        except Exception as error:  # noqa: BLE001 - as in _answer
            reply = self._bug(error)
        return self._finished(head, reply, since)

    def _answer(self, head: Head, body: bytes, since: float) -> Reply:
        try:
            return self.routes[head.path].reply(head, body, since)
        except Exception as error:  # noqa: BLE001 - a bug of ours must neither be a yes nor end a connection
            return self._bug(error)

    def _bug(self, error: Exception) -> Reply:
        trace = "".join(traceback.format_exception(error))
        self._journal.say("error", "bug", "a request could not be answered", trace)
        return _BROKEN

    def _finished(self, head: Head | None, reply: Reply, since: float) -> Reply:
        if reply.reason:
            self._metrics.refused(reply.reason)
        if head is not None and head.method == "POST" and head.path in self.routes:
            self._metrics.took(monotonic() - since, head.path, reply.status)
        return reply

    def _in_turn(self, decide: Decide, head: Head, body: bytes, since: float) -> Reply:
        deadline = _deadline(head, since)
        patience = _PATIENCE if deadline is None else min(deadline - monotonic(), _PATIENCE)
        try:
            with self._places.taken(patience):
                return self._decided(decide, head, body, since)
        except Crowded:
            self._journal.say("warning", "refused", "too many reviews at once")
            return CROWDED

    def _decided(self, decide: Decide, head: Head, body: bytes, since: float) -> Reply:
        if not body:
            return EMPTY
        deadline = _deadline(head, since)
        started = monotonic()
        if deadline is not None and started >= deadline:
            # Its caller has gone on without us.
            self._journal.say("warning", "refused", LATE.body.decode().rstrip())
            return LATE
        try:
            answer = decide(body, deadline=deadline)
        except NotAReview as error:
            self._journal.say("warning", "refused", str(error), str(error.__cause__ or ""))
            return says(400, str(error), reason="no_review")
        took = monotonic() - started
        self._metrics.record(answer.decision)
        self._decisions.tell(answer.decision, took)
        return Reply(200, answer.body, JSON)

    def _exposition(self, _head: Head, _body: bytes, _since: float) -> Reply:
        content_type, text = self._metrics.exposition()
        return Reply(200, text, content_type)


def _deadline(head: Head, since: float) -> float | None:
    left = timeout_in(head.query)
    return None if left is None else since + left
