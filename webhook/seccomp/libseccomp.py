"""A filter as libseccomp builds it, rule by rule.

Source: seccomp_init(3), seccomp_arch_add(3), seccomp_rule_add(3), and what the library does; the tests in
``tests/conformance/test_libseccomp.py`` hold this against it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES, X32, X86_64, Architecture
from webhook.seccomp.chains import Decision, chain_of
from webhook.seccomp.entangled import entangled_rules
from webhook.seccomp.families import FAMILIES
from webhook.seccomp.loaded import Comparison, Condition, LoadedRule, Unjudged
from webhook.seccomp.paths import rules_of
from webhook.seccomp.profile import Place
from webhook.seccomp.program import Block, Program, Start, is_sound
from webhook.seccomp.syscalls import filtered_number, is_known, number_of
from webhook.seccomp.target import Version
from webhook.seccomp.tree import Exists, Tree

_MOST_ERRNO: Final = 4095
_ARGUMENTS: Final = 6
_MOST_WORK: Final = 10_000_000
"""Comparisons of rules with each other: some seconds."""
_CALLS_TOGETHER: Final = 4
"""How many calls hang together at one end of the tree of numbers."""
_SIZE: Final = 4
"""Instructions around the calls, and around those of each architecture."""
_TWINS: Final = frozenset({X32, X86_64})


class Refused(Exception):
    """The library does not take it; ``error`` is the number that it answers with, by its name in errno(3)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Filter:
    """A filter that grows. ``architectures`` holds the native one first, as in the program.

    ``is_sorted`` says whether the program looks for calls in a tree of their numbers;
    ``instructions`` estimates its length, once the rules were asked for.
    """

    def __init__(self, default: Outcome, native: str, libseccomp: Version) -> None:
        """Raises Refused where the library does not know the default action."""
        _check(default)
        self.default = default
        self.version = libseccomp
        self.is_sorted = False
        self.instructions = 0
        self._work = 0
        self.architectures = [ARCHITECTURES[native]]
        # A call that an architecture does not have keeps its name: its rules can contradict each other.
        self._trees: dict[str, dict[int | str, Tree]] = {native: {}}

    def add_architecture(self, name: str) -> None:
        """Put *name* (SCMP_ARCH_X86) into the filter too. Raises Refused if the order of bytes is another."""
        architecture = ARCHITECTURES[name]
        if name in self._trees:
            return
        if architecture.big_endian != self.architectures[0].big_endian:
            raise Refused("EDOM")
        self.architectures.append(architecture)
        self._trees[name] = {}

    def knows(self, name: str) -> bool:
        """Whether the library resolves the name of a call."""
        return is_known(name, self.version)

    def add_rule(
        self, name: str, outcome: Outcome, conditions: Sequence[Condition], place: Place | None
    ) -> None:
        """Add a rule for a call that the library knows. Raises Refused, Unjudged."""
        numbers = [condition.number for condition in conditions]
        if len(numbers) > len(set(numbers)) or any(number >= _ARGUMENTS for number in numbers):
            raise Refused("EINVAL")
        _check(outcome)
        if outcome == self.default:
            raise Refused("EACCES")
        decision = Decision(outcome, place)
        for architecture in self.architectures:
            for key, wanted in self._targets(name, architecture, conditions):
                tree = self._trees[architecture.name].setdefault(key, Tree(self.version))
                self._work += tree.size
                if self._work > _MOST_WORK:
                    raise Unjudged("the profile has too many rules to be looked through")
                try:
                    tree.add(chain_of(wanted, decision, architecture.bits), decision)
                except Exists:
                    raise Refused("EEXIST") from None

    def rules(self) -> Mapping[str, Mapping[int, tuple[LoadedRule, ...]]]:
        """By architecture and number, what the program says of each call. Raises Unjudged."""
        program = Program()
        starts = {
            (architecture.name, key): program.begin(tree)
            for architecture in self.architectures
            for key, tree in self._trees[architecture.name].items()
            if isinstance(key, int)
        }
        layout, lost = self._layout()
        for each in reversed(layout):
            program.place(starts[each])
        self.instructions = program.size + len(layout) + _SIZE * (1 + len(self.architectures))
        if self.is_sorted:
            self.instructions += len(layout) // _CALLS_TOGETHER
        return {
            architecture.name: {}
            if architecture.name in lost
            else {
                key: self._rules_of(tree, architecture.bits, starts[architecture.name, key])
                for key, tree in self._trees[architecture.name].items()
                if isinstance(key, int)
            }
            for architecture in self.architectures
        }

    def _rules_of(self, tree: Tree, bits: int, start: Start) -> tuple[LoadedRule, ...]:
        if not isinstance(start, Block) or is_sound(start):
            return rules_of(tree, bits)
        return entangled_rules(start, self.default)

    def _layout(self) -> tuple[list[tuple[str, int]], set[str]]:
        """The calls in the order in which they stand in the program, and the architectures whose are lost.

        The first call of an architecture loads the number that all of them are compared with. Where that
        would be one which the architecture does not have, nobody does.
        """
        order: list[tuple[str, int]] = []
        lost: set[str] = set()
        for together in self._groups():
            calls = [
                (name, key)
                for name in together
                for key in sorted(self._trees[name], key=lambda key: (isinstance(key, str), key))
            ]
            if self.is_sorted:
                calls.sort(key=lambda call: -call[1] if isinstance(call[1], int) else 0)
            else:
                calls.sort(key=lambda call: self._trees[call[0]][call[1]].size)
                if (
                    calls
                    and isinstance(calls[0][1], str)
                    and not (len(together) == 1 and together[0] in _TWINS)
                ):
                    lost.update(together)
            order += [(name, key) for name, key in calls if isinstance(key, int)]
        return order, lost

    def _groups(self) -> Iterator[list[str]]:
        """The architectures of the program; x32 and x86_64 are one in it."""
        names = [architecture.name for architecture in self.architectures]
        twins = [name for name in names if name in _TWINS]
        for name in names:
            if name not in _TWINS:
                yield [name]
            elif name == twins[0]:
                yield twins

    def _targets(
        self, name: str, architecture: Architecture, conditions: Sequence[Condition]
    ) -> Iterable[tuple[int | str, Sequence[Condition]]]:
        """Which calls of the architecture a rule for *name* is about, and under which conditions."""
        number = filtered_number(name, architecture.name, self.version)
        is_of_family = False
        if architecture.multiplexes:
            for multiplexer, family in FAMILIES.items():
                through = number_of(multiplexer, architecture.name)
                if name in family and through is not None:
                    is_of_family = True
                    which = Condition(0, Comparison.EQ, family[name])
                    # What is asked of the first argument is lost, and the others are not the call's.
                    yield through, (which, *(each for each in conditions if each.number))
        if number is not None:
            yield number, conditions
        elif is_of_family or not architecture.multiplexes:
            yield name, conditions


def _check(outcome: Outcome) -> None:
    if outcome.action is Action.ERRNO and outcome.data > _MOST_ERRNO:
        raise Refused("EINVAL")
