"""One round of a rotation: read everything, ask what is due, do it, and read again.

Webhook configurations are read before what is stored, and written only if they did not change since. So
nobody, however long asleep, puts a bundle back that is older than what is stored.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from certs import authority, records, serving
from certs.authorities import Authorities
from certs.authority import Authority, fingerprint
from certs.configurations import Configuration, Published
from certs.names import Names
from certs.pace import Pace
from certs.periods import Periods
from certs.places import Conflict, Failure, Place, Refused
from certs.rotation import OWN, Mode, Seen, issuer_of
from certs.steps import Follow, Issue, Publish, Remembered, Share, Step, called

_MOST_STEPS: Final = 40
_MOST_OF_ONE_KIND: Final = 4
_NEEDS_NO_CLOCK: Final = (Share, Publish)


class Configurations(Protocol):
    """Where bundles are published. Raises Failure."""

    def read(self, configuration: Configuration) -> Published | None:
        """What a configuration says, or None where it is not there."""

    def put(self, read: Published, bundle: bytes) -> None:
        """Put a bundle into all that was read, if it has not changed. Raises Conflict."""


class Told(Protocol):
    """Who is told what happens."""

    def done(self, step: Step) -> None:
        """A step was taken."""

    def failed(self, name: str, problem: str) -> None:
        """The step called *name* could not be taken."""


def _no_doubt() -> str | None:
    return None


class Times(NamedTuple):
    """The time of day, the seconds of a clock that nobody sets, and why the former is wrong, if it is."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    doubt: Callable[[], str | None] = _no_doubt


class Outcome(NamedTuple):
    """What a round saw last, what stands in the way, and in how many seconds more is due, if known."""

    seen: Seen | None
    problems: tuple[str, ...]
    again: float | None = None


class _Read(NamedTuple):
    seen: Seen
    authorities: str
    serving: str
    files: Mapping[str, bytes]


@dataclass(slots=True)
class _Tries:
    """What became of this round so far."""

    problems: dict[str, str] = field(default_factory=dict)
    unread: set[Configuration] = field(default_factory=set)
    steps: Counter[str] = field(default_factory=Counter)
    again: list[float] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Rounds over two places and the configurations that are *named*.

    Between rounds only that is remembered without which a rotation takes longer, and no more: since when a
    bundle is known to be everywhere, how often somebody wrote over it, and the last good one, to be put back
    while what is stored cannot be read.
    """

    authorities: Place
    serving: Place
    configurations: Configurations
    named: tuple[Configuration, ...]
    names: Names
    periods: Periods
    times: Times
    told: Told
    mode: Mode = OWN
    _paces: dict[Configuration, Pace] = field(default_factory=dict)
    _good: bytes = b""
    _watched: tuple[datetime, float] | None = None

    def round(self, asked: frozenset[str] = frozenset()) -> Outcome:
        """Do all that is due now, and what is *asked* for early: ``leaf``, ``ca``."""
        tries = _Tries()
        seen = None
        for _ in range(_MOST_STEPS):
            published = self._published(tries)
            try:
                read = self._read(published, tries, asked)
                if problem := self.mode.refusal(read.seen):
                    raise Refused(f"{self.serving}: {problem}")  # noqa: TRY301 - as all that is refused
            except (Failure, Refused) as error:
                self._fail("read", str(error), tries)
                self._put_back(published, tries)
                break
            seen = read.seen
            self._good = seen.authorities.bundle or self._good
            step = self._next(seen, tries)
            if step is None:
                break
            if self._did(step, read, tries):
                asked -= (
                    {"ca"} if isinstance(step, Follow) else {"leaf"} if isinstance(step, Issue) else set()
                )
        if seen is not None and seen.soak_left is not None:
            tries.again.append(seen.soak_left.total_seconds())
        return Outcome(seen, tuple(tries.problems.values()), min(tries.again, default=None))

    def look(self) -> Outcome:
        """What there is now, of which nothing is changed."""
        tries = _Tries()
        seen = None
        try:
            seen = self._read(self._published(tries), tries, frozenset()).seen
        except (Failure, Refused) as error:
            self._fail("read", str(error), tries)
        return Outcome(seen, tuple(tries.problems.values()))

    def _published(self, tries: _Tries) -> tuple[Published, ...]:
        found = []
        for each in self.named:
            if each in tries.unread:
                continue
            try:
                found.append(self.configurations.read(each))
            except Failure as failure:
                tries.unread.add(each)
                self._fail(f"read {each}", str(failure), tries)
        return tuple(each for each in found if each is not None)

    def _read(self, published: tuple[Published, ...], tries: _Tries, asked: frozenset[str]) -> _Read:
        kept, served = self.authorities.load(), self.serving.load()
        authorities = records.authorities_in(kept.files, str(self.authorities))
        seen = Seen(
            now=self.times.now(),
            names=self.names,
            periods=self.periods,
            authorities=authorities,
            serving=serving.serving_in(served.files),
            published=published,
            unread=frozenset(map(str, tries.unread)),
            asked=asked,
            watched=self._watching(authorities.read_back),
        )
        return _Read(seen, kept.version, served.version, served.files)

    def _watching(self, noted: datetime | None) -> timedelta:
        """For how long this process knows of what was *noted*, by a clock that nobody sets."""
        if noted is None:
            self._watched = None
            return timedelta()
        if self._watched is None or self._watched[0] != noted:
            self._watched = (noted, self.times.monotonic())
        return timedelta(seconds=self.times.monotonic() - self._watched[1])

    def _next(self, seen: Seen, tries: _Tries) -> Step | None:
        """The first step that is due and that nothing stands in the way of."""
        doubt = self.times.doubt()
        for step in self.mode.due(seen):
            if _key(step) in tries.problems or tries.steps[_key(step)] >= _MOST_OF_ONE_KIND:
                continue
            if doubt and not isinstance(step, _NEEDS_NO_CLOCK):
                if "clock" not in tries.problems:
                    self._fail("clock", doubt, tries)
                continue
            if isinstance(step, Publish) and (wait := self._wait(step)):
                tries.again.append(wait)
                writers = step.published.strangers(step.published.out_of_sync(step.bundle)) or "somebody"
                words = f"{writers} keeps writing over caBundle; only one may write it"
                self._fail(_key(step), f"{step.published.configuration}: {words}", tries)
                continue
            return step
        return None

    def _did(self, step: Step, read: _Read | None, tries: _Tries) -> bool:
        """Whether *step* could be taken; on a conflict it could not, and is tried again after reading."""
        tries.steps[_key(step)] += 1
        try:
            if isinstance(step, Publish):
                self._publish(step)
            elif read is not None:
                self._do(step, read)
        except Conflict:
            return False
        except (Failure, Refused) as error:
            self._fail(_key(step), str(error), tries)
            return False
        self.told.done(step)
        return True

    def _publish(self, step: Publish) -> None:
        if step.is_over_others:
            # Counted before: an answer may be lost.
            pace = self._paces.get(step.published.configuration, Pace())
            self._paces[step.published.configuration] = pace.again(self.times.monotonic())
        self.configurations.put(step.published, step.bundle)

    def _do(self, step: Remembered | Follow | Share | Issue, read: _Read) -> None:
        seen = read.seen
        authorities = seen.authorities
        match step:
            case Share():
                self.serving.save({**read.files, serving.BUNDLE: authorities.bundle}, read.serving)
            case Follow():
                made = authority.create(seen.names, now=seen.now, lifetime=self.periods.authority)
                self._keep(authorities.with_follower(made), read)
            case Issue(_, names):
                if authorities.signer is not None:
                    self._issue(authorities, authorities.signer, names, read)
            case _:
                self._keep(step.after(authorities, seen.serving), read)

    def _issue(self, authorities: Authorities, signer: Authority, names: Names, read: _Read) -> None:
        leaf = authority.issue(signer, names, now=read.seen.now, lifetime=self.periods.leaf)
        end = leaf.certificate.not_valid_after_utc
        known = authorities.leaves_end.get(fingerprint(signer.certificate))
        if known is None or known < end:
            # Before the leaf is anywhere: whoever goes on after a crash must not drop its authority.
            self._keep(authorities.with_leaf_until(signer.certificate, end), read)
        self.serving.save(serving.files_of(leaf, authorities.bundle), read.serving)

    def _keep(self, authorities: Authorities, read: _Read) -> None:
        self.authorities.save(records.files_of(authorities), read.authorities)

    def _put_back(self, published: tuple[Published, ...], tries: _Tries) -> None:
        """Put the last good bundle where somebody else took it away, though nothing can be read now."""
        good = self._good or self._shared()
        for step in (Publish(each, good) for each in published if good):
            if step.is_over_others and not self._wait(step):
                self._did(step, None, tries)

    def _shared(self) -> bytes:
        """The bundle beside the leaf, where one of it signed the leaf; for a process that knows no better."""
        try:
            found = serving.serving_in(self.serving.load().files)
        except (Failure, Refused):
            return b""
        is_right = found.certificate is not None and issuer_of(found.certificate, found.trusted) is not None
        return found.bundle if is_right else b""

    def _wait(self, step: Publish) -> float:
        pace = self._paces.get(step.published.configuration, Pace())
        return pace.wait(self.times.monotonic()) if step.is_over_others else 0.0

    def _fail(self, name: str, problem: str, tries: _Tries) -> None:
        tries.problems[name] = problem
        self.told.failed(name.partition(" ")[0], problem)


def _key(step: Step) -> str:
    """What a step is in a round: one that failed is not tried again in it."""
    return f"{called(step)} {step.published.configuration}" if isinstance(step, Publish) else called(step)
