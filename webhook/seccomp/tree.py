"""The rules for one system call, grown together into one tree as libseccomp does it.

What overlaps is not asked in the file's order, and what contradicts is refused. Source: as for ``chains``.
"""

from typing import Final, Literal

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.chains import Chain, Decision, Node, held
from webhook.seccomp.loaded import Endless
from webhook.seccomp.pruning import Effort, Level, all_decide, dropped, pruned, release
from webhook.seccomp.target import Version

_Branch = Literal["yes", "no"]
_ONE_CONDITION: Final = 3
_MOST_IN_A_LEVEL: Final = 100_000

ENDLESS: Final = "libseccomp does not come to an end with the rules for a call: the runtime hangs"
"""With two rules on several arguments it can link a level into a ring."""

_ACT_NO_MENDED: Final = (2, 6, 1)
"""Before, the lesser of two decisions on "not greater" was written over the one on "greater"."""


class Exists(Exception):
    """Another rule with the same conditions says something else."""


class Tree:
    """What becomes of one call.

    ``unconditional`` where one rule says it for all, else by ``chains``, which have ``size`` nodes.
    """

    def __init__(self, libseccomp: Version, effort: Effort) -> None:
        self.chains: Node | None = None
        self.unconditional: Decision | None = None
        self.size = 0
        self._effort = effort
        self._mended = libseccomp >= _ACT_NO_MENDED

    def add(self, chain: Chain, decision: Decision) -> None:
        """Add a rule: its chain, and what it comes to. Raises Exists, Unjudged, Endless."""
        if self.unconditional is not None:
            return
        if chain.first is None:
            self.chains, self.unconditional, self.size = None, decision, 0
            return
        if self.chains is not None:
            removed, is_redundant = pruned(Level(self, "chains", self._effort), chain.first, decision)
            self.size -= removed
            if not removed and is_redundant:
                return
        if self.chains is None:
            self.chains, self.size = chain.first, chain.size
            return
        self._grow(self, "chains", chain.first)
        if chain.size > _ONE_CONDITION and _is_endless(self.chains):
            raise Endless(ENDLESS)
        self.size += chain.size - dropped(chain.first)

    def _grow(self, owner: "Tree | Node", slot: str, new: Node) -> None:
        """Bring *new* into the level that *owner* refers to."""
        node: Node | None = getattr(owner, slot)
        for _ in range(_MOST_IN_A_LEVEL):
            if node is None:
                return
            if node.alike == new.alike:
                self._unite(node, new)
                return
            if node.order < new.order:
                _put_before(owner, slot, node, new)
                return
            if node.after is None:
                new.before = held(node)
                node.after = held(new)
                return
            node = node.after
        raise Endless(ENDLESS)

    def _unite(self, node: Node, new: Node) -> None:
        """Bring what follows *new* into what follows *node*, which compares the same."""
        if new.on_yes is not None:
            self._decide_yes(node, new, new.on_yes)
        if new.on_no is not None:
            self._decide_no(node, new, new.on_no)
        if new.yes is not None:
            if node.yes is not None:
                self._grow(node, "yes", new.yes)
            elif node.on_yes is None:
                node.yes = held(new.yes)
            else:
                return
        if new.no is not None:
            if node.no is not None:
                self._grow(node, "no", new.no)
            elif node.on_no is None:
                node.no = held(new.no)

    def _decide_yes(self, node: Node, new: Node, decision: Decision) -> None:
        if node.on_yes is None:
            if not all_decide(node.yes, decision.outcome):
                raise Exists
            if node.yes is not None:
                self.size -= release(node.yes)[0]
            node.yes, node.on_yes = None, decision
        elif node.on_yes.outcome != decision.outcome:
            if new.high and new.whole > node.whole:
                node.on_yes = decision
            if node.is_leaf or new.is_leaf:
                raise Exists

    def _decide_no(self, node: Node, new: Node, decision: Decision) -> None:
        if node.on_no is None:
            if not all_decide(node.no, decision.outcome):
                raise Exists
            if node.no is not None:
                self.size -= release(node.no)[0]
            node.no, node.on_no = None, decision
        elif node.on_no.outcome != decision.outcome:
            if new.high and new.whole < node.whole:
                if self._mended:
                    node.on_no = decision
                elif node.on_yes is not None:
                    node.on_yes = new.on_yes or Decision(Outcome(Action.KILL_THREAD), decision.place)
            if node.is_leaf or new.is_leaf:
                raise Exists


def _is_endless(root: Node | None) -> bool:
    """Whether a level of the tree comes back to itself."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        passed: set[int] = set()
        while node.before is not None:
            passed.add(id(node))
            if id(node.before) in passed:
                return True
            node = node.before
        level: set[int] = set()
        each: Node | None = node
        while each is not None:
            if id(each) in level:
                return True
            level.add(id(each))
            waiting += (each.yes, each.no)
            each = each.after
        seen |= level
    return False


def _put_before(owner: "Tree | Node", slot: str, node: Node, new: Node) -> None:
    if node.before is None:
        new.after = held(node)
    else:
        node.before.after = held(new)
        new.before = node.before
        new.after = node
    node.before = held(new)
    if getattr(owner, slot) is node:
        setattr(owner, slot, held(new))
        release(node)
