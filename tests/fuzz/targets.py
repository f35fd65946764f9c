"""What is tried with every input, and what must hold for each."""

import json
import os
import tempfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPResponse
from io import BytesIO
from itertools import pairwise
from random import Random
from time import monotonic
from typing import Any
from unicodedata import category

from jsonpatch import JsonPatch

from tests.fuzz.judge import (
    EXEMPT_NAMESPACE,
    EXEMPT_RUNTIME_CLASS,
    EXEMPT_USER,
    OPEN_NAMESPACE,
    RESTRICTED_NAMESPACE,
    NotUnderstood,
    may_be_allowed,
    uid_of,
)
from webhook.admission import Answer, MustWait, NamespaceNotFound, NotAReview, mutate, review
from webhook.config import Settings
from webhook.mutation import RESTRICTED as EVERY_CURE
from webhook.policy.engine import evaluate
from webhook.policy.exemptions import Exemptions
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import LATEST, Level, Standard
from webhook.server.door import Door
from webhook.server.exchange import LARGEST_BODY, Head, Reply
from webhook.server.http.reader import Began, Broken, Ended, Event, Reader
from webhook.server.http.writer import encoded
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics

SETTINGS = Settings(
    exemptions=Exemptions(
        frozenset({EXEMPT_USER}), frozenset({EXEMPT_NAMESPACE}), frozenset({EXEMPT_RUNTIME_CLASS})
    )
)
RESTRICTED = Standard(Level.RESTRICTED, LATEST)
_LOG_READ_EVERY = 500


class World:
    """A namespace that is restricted, and one that is not."""

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace == RESTRICTED_NAMESPACE:
            return {
                f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")
            }
        if namespace == OPEN_NAMESPACE:
            return {}
        raise NamespaceNotFound(namespace)

    def pods_in(self, _namespace: str, _deadline: float) -> Sequence[Pod]:
        return (pod_from({"metadata": {"name": "old"}, "spec": {"hostPID": True, "containers": [{}]}}),)


decide = partial(review, settings=SETTINGS, cluster=World(), clock=lambda: 0.0)

put_in = partial(mutate, settings=SETTINGS._replace(mutation=EVERY_CURE), cluster=World())

Decide = Callable[[bytes], Answer]


def try_review(data: bytes, decide: Decide = decide) -> bool:
    """Whether *data* is answered. Raises AssertionError where what must hold does not."""
    try:
        answer = decide(data)
    except (NotAReview, MustWait):
        return False
    assert answer.decision.failure is None, answer.decision.failure
    check_answer(data, answer.body)
    return True


def try_mutation(data: bytes, put_in: Decide = put_in) -> bool:
    """Whether anything is put into the object in *data*. Raises AssertionError as ``try_review``."""
    try:
        answer = put_in(data)
    except (NotAReview, MustWait):
        return False
    assert answer.decision.failure is None, answer.decision.failure
    response = json.loads(answer.body.decode("utf-8", "strict"), parse_constant=_refuse)["response"]
    assert response["uid"] == uid_of(data), "the uid is another"
    assert response["allowed"] is True, "a no of one who denies nothing"
    if "patch" not in response:
        return False
    assert response["patchType"] == "JSONPatch"
    operations = json.loads(b64decode(response["patch"], validate=True))
    assert {each["op"] for each in operations} == {"add"}, "more than adds"
    written = json.loads(data.decode("utf-8", "replace"))
    before = written["request"]["object"]
    after = JsonPatch(operations).apply(before)
    assert holds(after, before), "something is gone"
    if written["request"]["resource"]["resource"] == "pods":
        assert flaws_of(after) <= flaws_of(before), "a flaw that was not there"
    patched = json.dumps(written | {"request": written["request"] | {"object": after}}).encode()
    # Whatever is allowed then must be allowed rightly, and what was allowed before is.
    try_review(patched)
    assert decide(patched).decision.allowed or not decide(data).decision.allowed, "refused for a patch"
    return True


def flaws_of(pod: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """The controls of the restricted standard that *pod* violates."""
    return {each.check.id for each in evaluate(pod_from(pod), RESTRICTED)}


def holds(whole: Any, part: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether all of *part* is in *whole*, where it was; null is as good as nothing."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(
            value is None or (key in whole and holds(whole[key], value)) for key, value in part.items()
        )
    if isinstance(part, list) and isinstance(whole, list):
        # Nothing is moved: what is new comes behind.
        return len(part) <= len(whole) and all(holds(*pair) for pair in zip(whole, part, strict=False))
    return part is None or (type(whole) is type(part) and whole == part)


def check_answer(data: bytes, answered: bytes) -> None:
    """Hold the answer to *data* to what must be true of any."""
    answer = json.loads(answered.decode("utf-8", "strict"), parse_constant=_refuse)
    assert set(answer) == {"apiVersion", "kind", "response"}
    assert (answer["apiVersion"], answer["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    response = answer["response"]
    try:
        uid = uid_of(data)
    except NotUnderstood as error:
        raise AssertionError(f"answered, and not understood: {error}") from error
    assert response["uid"] == uid, "the uid is another"
    if response["allowed"] is True:
        assert "status" not in response, "a yes with a reason"
        assert_allowed_rightly(data, response)
    else:
        assert response["allowed"] is False, "neither yes nor no"
        status = response.get("status", {})
        assert status.get("status") == "Failure", "a no without a reason"
        assert 400 <= status["code"] < 600
        assert status["message"]
    # The API server drops a warning with a control character in it.
    assert not any(category(each) in {"Cc", "Cs"} for text in response.get("warnings", ()) for each in text)
    assert all(isinstance(each, str) for each in response.get("auditAnnotations", {}).values())


def assert_allowed_rightly(data: bytes, response: Mapping[str, Any]) -> None:
    """Nothing is let in but what the judge understands, and the engine on plain values too."""
    try:
        assert may_be_allowed(data), "let in against the standard"
    except NotUnderstood as error:
        raise AssertionError(f"let in, and not understood: {error}") from error
    told = response.get("auditAnnotations", {})
    if told.get("enforce-policy") == "restricted:latest":
        # It says that it was evaluated.
        plain = json.loads(data.decode("utf-8", "replace"))["request"]["object"]
        assert not evaluate(pod_from(plain), RESTRICTED)


def _refuse(word: str) -> None:
    raise AssertionError(word)


class Wire:
    """Bytes for ``http.client``."""

    def __init__(self, sent: bytes) -> None:
        self._sent = BytesIO(sent)

    def makefile(self, _mode: str) -> BytesIO:
        return self._sent


class Edge:
    """The way from the bytes of a connection to those of the answers, without sockets."""

    def __init__(self) -> None:
        self._log, self._path = tempfile.mkstemp(prefix="fuzz-log-")
        os.unlink(self._path)  # noqa: PTH108 - beside mkstemp
        self._tried = 0
        self.door = Door(
            lambda body, *, deadline: decide(body, deadline=deadline),
            at_once=lambda body, *, deadline: decide(body, deadline=deadline),
            mutate=lambda body, *, deadline: put_in(body, deadline=deadline),
            mutate_at_once=lambda body, *, deadline: put_in(body, deadline=deadline),
            journal=Journal(self._log),
            metrics=Metrics(),
        )

    def close(self) -> None:
        """Read the rest of the log."""
        self._read_log()
        os.close(self._log)

    def try_stream(self, data: bytes) -> bool:
        """Whether anything in *data* is answered with 200. Raises AssertionError as ``try_review``."""
        events = read([data])
        random = Random(zlib.crc32(data))  # noqa: S311 - the same pieces every time
        cuts = sorted({0, len(data), *(random.randrange(len(data) + 1) for _ in range(4))})
        pieces = [data[start:end] for start, end in pairwise(cuts)]
        if len(data) < 20_000:
            assert said(read(pieces)) == said(events), "pieces say something else"
        is_answered = False
        began: Began | None = None
        for event in events:
            if isinstance(event, Began):
                began = event
                refusal = self.door.refusal(event.head)
                if refusal is not None:
                    self._check(event, refusal)
                    if refusal.closes:
                        break
            elif isinstance(event, Broken):
                self._check(began, event.reply)
                break
            elif began is not None:
                is_answered |= self._answer(began, event)
        self._tried += 1
        if self._tried % _LOG_READ_EVERY == 0:
            self._read_log()
        return is_answered

    def _answer(self, began: Began, ended: Ended) -> bool:
        now = monotonic()
        reply = self.door.reply(began.head, ended.body, now)
        if isinstance(ended.body, bytes) and self.door.refusal(began.head) is None:
            at_once = self.door.reply_at_once(began.head, ended.body, now)
            # One that names no time worth the name may be over in between.
            assert at_once is None or at_once == reply or at_once.reason == "late"
        self._check(began, reply)
        if reply.status == 200 and began.head.path == "/validate":
            assert isinstance(ended.body, bytes)
            assert began.head.method == "POST"
            check_answer(ended.body, reply.body)
            return True
        return False

    def _check(self, began: Began | None, reply: Reply) -> None:
        """The answer can be read by a client."""
        method = began.head.method if began else "GET"
        sent = encoded(reply, closes=reply.closes, without_body=method == "HEAD")
        response = HTTPResponse(Wire(sent), method=method)  # type: ignore[arg-type]  # all that it asks of a socket
        response.begin()
        assert response.status == reply.status != 500
        assert response.read() == (b"" if method == "HEAD" else reply.body)

    def _read_log(self) -> None:
        os.lseek(self._log, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._log), "rb") as log:
            for line in log:
                assert line.isascii()
                assert json.loads(line)["severity"] not in {"error", "critical"}, line
        os.lseek(self._log, 0, os.SEEK_SET)
        os.ftruncate(self._log, 0)


def said(events: list[Event]) -> list[Event | str]:
    """The events; what is both too long and wrong may be refused for what is seen first."""
    return ["broken" if isinstance(each, Broken) else each for each in events]


def read(pieces: Sequence[bytes]) -> list[Event]:
    """The events in *pieces*; what is held is bounded at every moment."""
    reader = Reader()
    events = []
    for piece in pieces:
        events += reader.feed(piece)
        assert reader.held <= LARGEST_BODY
    for event in events:
        if isinstance(event, Began):
            assert isinstance(event.head, Head)
            assert all(name == name.lower() for name in event.head.headers)
    return events
