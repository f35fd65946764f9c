"""The program that libseccomp writes for its trees, as far as it matters what is compared in it.

A comparison that follows another on the same half of an argument does not load that half again. Whether it
must, when it can be reached from elsewhere too, libseccomp decides by the first way it finds there: on others
the comparison is of whatever was loaded last. So a filter can do something else than its rules say, and this
module finds where.
Source: as for ``chains``; seen in libseccomp 2.5.4 and 2.6.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from webhook.seccomp.actions import Outcome
from webhook.seccomp.chains import LOW, Decision, Node
from webhook.seccomp.loaded import Comparison
from webhook.seccomp.tree import Tree

Half = tuple[int, bool]
"""An argument, and whether its upper half."""

InHand = tuple[Half, int] | None
"""What was loaded last, and under which mask; None if it does not matter, or is no argument."""


@dataclass(eq=False, slots=True)
class Block:
    """One comparison with what it loads for it, and where it leads.

    ``needs`` is what it takes to be loaded, ``leaves`` what is loaded after it. Blocks that are alike are one
    in the program: ``written`` is that one, and ``reloads`` tells of it whether it loads what it needs.
    """

    half: Half
    loads: bool
    masks: bool
    op: Comparison
    datum: int
    needs: InHand
    leaves: tuple[Half, int]
    yes: "Block | Decision | None" = None
    no: "Block | Decision | None" = None
    reloads: bool = False
    written: "Block" = field(init=False)


Start = Block | Decision | None
"""Where it goes on: None stands for the default action."""


class Program:
    """The blocks of all calls of all architectures, each written once."""

    def __init__(self) -> None:
        self._written: dict[object, Block] = {}
        self._placed: set[int] = set()
        self.size = 0

    def begin(self, tree: Tree) -> Start:
        """Where the rules for one call begin; None stands for the default action."""
        if tree.unconditional is not None:
            return tree.unconditional
        return self._level(tree.chains, None, None)

    def place(self, start: Start) -> None:
        """Put what *start* leads to into the program, once all is begun: the last call of all comes first."""
        ways: list[tuple[Block, Iterator[Start]]] = []
        if isinstance(start, Block):
            self._find(None, start.written, ways)
        while ways:
            block, targets = ways[-1]
            for target in targets:
                if isinstance(target, Block):
                    self._find(block, target.written, ways)
                    break
            else:
                ways.pop()

    def _find(self, finder: Block | None, block: Block, ways: list[tuple[Block, Iterator[Start]]]) -> None:
        if id(block) in self._placed:
            return
        self._placed.add(id(block))
        block.reloads = finder is not None and block.needs is not None and block.needs != finder.leaves
        self.size += 1 + block.loads + block.masks
        if block.reloads and block.needs is not None:
            self.size += 1 + (block.needs[1] != LOW)
        ways.append((block, iter((block.yes, block.no))))

    def _level(self, level: Node | None, following: Start, loaded: InHand) -> Start:
        """The first block of a level, from the last of which it goes on to *following*."""
        node = level
        while node is not None and node.before is not None:
            node = node.before
        blocks: list[tuple[Node, Block]] = []
        while node is not None:
            block = _block_of(node, loaded)
            blocks.append((node, block))
            loaded = block.leaves
            node = node.after
        for each, block in reversed(blocks):
            block.yes = self._target(each.yes, each.on_yes, following, block)
            block.no = self._target(each.no, each.on_no, following, block)
            key = (
                block.half, block.loads, block.masks, block.op, block.datum, block.needs, block.leaves,
                _identity(block.yes), _identity(block.no),
            )  # fmt: skip
            block.written = self._written.setdefault(key, block)
            following = block
        return following

    def _target(self, level: Node | None, decision: Decision | None, following: Start, block: Block) -> Start:
        if level is not None:
            return self._level(level, following, block.leaves)
        return decision if decision is not None else following


def is_sound(start: Start) -> bool:
    """Whether each comparison on the way compares what it is meant to, from wherever it is reached."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        block = waiting.pop()
        if not isinstance(block, Block) or id(block) in seen:
            continue
        seen.add(id(block))
        for target in (block.yes, block.no):
            if isinstance(target, Block):
                if target.needs not in {None, block.leaves} and not target.written.reloads:
                    return False
                waiting.append(target)
    return True


def _block_of(node: Node, loaded: InHand) -> Block:
    half, mask = (node.number, node.high), node.mask
    needs = loaded
    now, under = loaded if loaded is not None else (None, LOW)
    loads = now != half or mask & under != mask
    if loads:
        needs, under = None, LOW
    return Block(half, loads, mask != under, node.op, node.datum, needs, (half, mask))


def _identity(target: Start) -> int | Outcome | None:
    if isinstance(target, Block):
        return id(target.written)
    return target.outcome if target is not None else None
