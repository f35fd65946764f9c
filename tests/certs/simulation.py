"""A world of certificates on a simulated clock: two controllers, their stores, API servers and replicas.

The worst that may be is assumed of everyone who reads: a replica serves any leaf that was stored within the
last 100 seconds, an API server goes by any bundle of the last minute, with a clock of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.x509 import verification

from certs import pem, records
from certs.authorities import Authorities
from certs.configurations import Configuration, Kind, Published
from certs.names import Names
from certs.periods import Periods
from certs.places import Conflict, Failure, Stored
from certs.rotate import Rounds, Times
from certs.steps import Step

START: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAME: Final = "hook.security.svc"
CONFIGURATIONS: Final = (
    Configuration(Kind.VALIDATING, "checks"),
    Configuration(Kind.MUTATING, "defaults"),
    Configuration(Kind.VALIDATING, "more"),
)
_VOLUMES: Final = 100.0
_WATCHES: Final = 60.0

Fault = str
"""``fail``, ``conflict``: nothing happened; ``lost``: it happened, and nobody learns of it; ``crash``,
``crash-after``: the process ends before or after; ``other``: the other controller has a round first;
``asleep``: it rotates everything meanwhile, and this one knows nothing of it."""


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Version:
    """Something as it was from a moment on."""

    since: float
    content: Any
    is_ours: bool


class World:
    """Everything that is stored, and everything that anybody may still see of what was."""

    def __init__(self, offsets: tuple[float, float, float], *, periods: Periods | None = None) -> None:
        self.now = 0.0
        self.faults: list[Fault] = []
        self.offsets = offsets
        self.authorities = Memory(self)
        self.serving = Memory(self)
        self.configurations: dict[Configuration, list[Version]] = {}
        self.periods = periods or Periods()
        self.names = Names.parse([NAME])
        self.controllers = [self.controller(0), self.controller(1)]
        self.within = False
        self.at_work = 0
        self.unreadable: set[Configuration] = set()
        self.is_checked = True

    def controller(self, number: int) -> Rounds:
        return Rounds(
            authorities=self.authorities,
            serving=self.serving,
            configurations=self,
            named=CONFIGURATIONS,
            names=self.names,
            periods=self.periods,
            times=Times(lambda: self.clock(self.offsets[number]), lambda: self.now),
            told=Silent(),
        )

    def clock(self, offset: float) -> datetime:
        return START + timedelta(seconds=self.now + offset)

    # What happens.

    def round(self, number: int, faults: tuple[Fault, ...] = (), asked: frozenset[str] = frozenset()) -> bool:
        """Whether a controller's round went through; one that crashed comes back as another."""
        self.faults = list(faults)
        self.at_work = number
        try:
            outcome = self.controllers[number].round(asked)
        except Crash:
            self.controllers[number] = self.controller(number)
            return False
        finally:
            self.faults = []
        return not outcome.problems

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.check()

    def call(self, write: Callable[[], None] | None = None) -> None:
        """A call to the API server, with whatever may become of it."""
        fault = self.faults.pop(0) if self.faults else ""
        if fault in {"other", "asleep"} and not self.within:
            waiting, self.faults, self.within = self.faults, [], True
            other = self.controllers[1 - self.at_work]
            other.round(frozenset({"ca"}) if fault == "asleep" else frozenset())
            for _ in range(4 if fault == "asleep" else 0):
                self.advance(185)
                other.round()
            self.faults, self.within = waiting, False
        if fault == "crash":
            raise Crash
        if fault == "fail":
            raise Failure("the API server did not answer")
        if fault == "conflict" and write:
            raise Conflict("somebody else has changed it")
        if write:
            write()
            self.check()
        if fault == "crash-after":
            raise Crash
        if fault == "lost":
            raise Failure("the answer was lost")

    # Configurations, as a cluster has them.

    def read(self, configuration: Configuration) -> Published | None:
        self.call()
        if configuration in self.unreadable:
            raise Failure("missing permission")
        versions = self.configurations.get(configuration)
        if not versions or versions[-1].content is None:
            return None
        newest = versions[-1]
        writers = {} if newest.is_ours else dict.fromkeys(newest.content, "somebody (Update)")
        return Published(configuration, str(len(versions)), dict(newest.content), writers)

    def put(self, read: Published, bundle: bytes) -> None:
        def write() -> None:
            versions = self.configurations[read.configuration]
            if str(len(versions)) != read.version:
                raise Conflict("somebody else has changed it")
            versions.append(Version(self.now, dict.fromkeys(read.bundles, bundle), is_ours=True))

        self.call(write)

    def others_write(self, configuration: Configuration, bundles: Mapping[str, bytes] | None) -> None:
        """Somebody else writes, or deletes, a configuration."""
        versions = self.configurations.setdefault(configuration, [])
        versions.append(Version(self.now, bundles, is_ours=False))

    def bundles(self, configuration: Configuration) -> dict[str, bytes] | None:
        """What a configuration says now, where it is there."""
        versions = self.configurations.get(configuration)
        return versions[-1].content if versions else None

    @property
    def kept(self) -> Authorities:
        """The authorities as they are stored."""
        return records.authorities_in(self.authorities.files, "there")

    # The law.

    def check(self) -> None:
        """Every leaf that may be served verifies against every bundle of ours that may be gone by."""
        if not self.is_checked:
            return
        moment = self.clock(self.offsets[2])
        served = [files for files in self.serving.seen_within(_VOLUMES) if files.get("tls.crt")]
        for versions in self.configurations.values():
            for bundles in filter(None, seen_within(versions, self.now, _WATCHES)):
                for bundle in set(bundles.values()):
                    for files in served:
                        assert believes(bundle, files["tls.crt"], moment), "an API server refuses a leaf"


class Silent:
    def done(self, step: Step) -> None:
        """Nothing."""

    def failed(self, name: str, problem: str) -> None:
        """Nothing."""


@dataclass
class Memory:
    """A Secret and all that it ever was."""

    world: World
    versions: list[Version] = field(default_factory=list)

    def __str__(self) -> str:
        return "Secret security/hook"

    @property
    def files(self) -> dict[str, bytes]:
        return dict(self.versions[-1].content) if self.versions else {}

    def load(self) -> Stored:
        self.world.call()
        return Stored(self.files, str(len(self.versions)))

    def save(self, files: Mapping[str, bytes], version: str) -> None:
        def write() -> None:
            if version != str(len(self.versions)):
                raise Conflict("somebody else has changed it")
            self.versions.append(Version(self.world.now, dict(files), is_ours=True))

        self.world.call(write)

    def seen_within(self, seconds: float) -> list[dict[str, bytes]]:
        return seen_within(self.versions, self.world.now, seconds)


def seen_within(versions: list[Version], now: float, seconds: float) -> list[Any]:
    """What of ours was the newest at some moment of the last *seconds*."""
    found = []
    until = now + 1
    for version in reversed(versions):
        if until <= now - seconds:
            break
        if version.is_ours:
            found.append(version.content)
        until = version.since
    return found


def believes(bundle: bytes, leaf: bytes, moment: datetime) -> bool:
    """Whether a client that trusts *bundle* believes *leaf* at *moment*."""
    certificates = (*_trusted(bundle), pem.certificate(leaf))
    bounds = sorted(
        {bound for each in certificates for bound in (each.not_valid_before_utc, each.not_valid_after_utc)}
    )
    # Nothing changes between two bounds.
    since = max((bound for bound in bounds if bound <= moment), default=START - timedelta(days=999))
    return _believes(bundle, leaf, min(moment, since + timedelta(seconds=1)))


@lru_cache(maxsize=100_000)
def _believes(bundle: bytes, leaf: bytes, moment: datetime) -> bool:
    policy = verification.PolicyBuilder().store(verification.Store(_trusted(bundle))).time(moment)
    try:
        policy.build_server_verifier(x509.DNSName(NAME)).verify(pem.certificate(leaf), [])
    except verification.VerificationError:
        return False
    return True


@lru_cache(maxsize=10_000)
def _trusted(bundle: bytes) -> list[x509.Certificate]:
    return list(pem.certificates(bundle))
