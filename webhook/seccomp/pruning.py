"""What of a tree a new rule makes needless, or the tree of it.

Source: as for ``chains``. The order of the steps is libseccomp's: where rules overlap, what is left of them
depends on it.
"""

from typing import Any, Final, NamedTuple

from webhook.seccomp.actions import Outcome
from webhook.seccomp.chains import Decision, Node, held


class Level(NamedTuple):
    """Where a level hangs: the object and its attribute that refer to it."""

    owner: Any
    slot: str

    @property
    def node(self) -> Node | None:
        """The node that is referred to, which need not be the first of its level."""
        found: Node | None = getattr(self.owner, self.slot)
        return found


# How far the new chain and the tree agree along one way down.
_NOTHING: Final = 0
_MATCH: Final = 1
_ONCE: Final = 2
_OLD_ENDED: Final = 4
_NEW_ENDED: Final = 8
_OLD_PREFIX: Final = 16
"""The tree compares more than the new chain before the two agree."""
_NEW_PREFIX: Final = 32
"""The new chain compares more than the tree."""
_SHORTER: Final = _MATCH | _NEW_ENDED | _OLD_PREFIX
_LONGER: Final = _MATCH | _OLD_ENDED | _NEW_PREFIX
_BRANCHES: Final = ("yes", "no")


def pruned(root: Level, new: Node, decision: Decision) -> tuple[int, bool]:
    """How many nodes the chain *new* made needless, and whether it is needless itself."""
    removed, seen = _pruned(root, root.node, new, _NOTHING, decision.outcome)
    return removed, seen & _LONGER == _LONGER


def _pruned(  # noqa: C901, PLR0911, PLR0912 - libseccomp's steps, which make sense only together
    root: Level, old: Node | None, new: Node | None, given: int, outcome: Outcome
) -> tuple[int, int]:
    """What was removed below *old*, and what is seen then."""
    removed, seen = 0, given
    if old is None or new is None or given & (_MATCH | _ONCE) == _ONCE:
        return removed, _told(given, seen)
    node: Node | None = _first(old)
    while node is not None:
        following = node.after
        if node.alike == new.alike:
            seen |= _MATCH | _ONCE | _NEW_ENDED * new.is_leaf | _OLD_ENDED * node.is_leaf
            if _says_more(node, new) or (new.is_leaf and node.is_leaf and not _decide_alike(node, new)):
                return removed, _told(given, seen)
            for branch in _BRANCHES:
                if node is not None and getattr(new, branch) is not None:
                    held(node)
                    count, deeper = _pruned(
                        root, getattr(node, branch), getattr(new, branch), given | _MATCH | _ONCE, outcome
                    )
                    gone, node = release(node)
                    removed += count + gone
                    if deeper & _MATCH:
                        seen |= deeper
            if node is not None and all_decide(node, outcome):
                if seen & _SHORTER == _SHORTER:
                    removed += _removed(root, node)
                    if root.node is None:
                        return removed, _told(given, seen)
                elif seen & _LONGER == _LONGER:
                    return removed, _told(given, seen)
        else:
            is_further = node.order < new.order
            if (node if is_further else new).is_leaf and not given & (_NEW_PREFIX | _OLD_PREFIX):
                node = following
                continue
            if given & (_NEW_PREFIX if is_further else _OLD_PREFIX):
                return removed, _told(given, seen)
            for branch in _BRANCHES:
                if node is None or getattr(node if is_further else new, branch) is None:
                    continue
                held(node)
                if is_further:
                    below: tuple[Node | None, Node | None] = getattr(node, branch), new
                else:
                    below = node, getattr(new, branch)
                prefix = _OLD_PREFIX if is_further else _NEW_PREFIX
                count, deeper = _pruned(root, *below, given & ~_MATCH | prefix, outcome)
                gone, node = release(node)
                removed += count + gone
                if deeper & _MATCH:
                    return removed, _told(given, seen | deeper)
        node = following
    return removed, _told(given, seen & ~_MATCH)


def _told(given: int, seen: int) -> int:
    return given | seen if seen & _MATCH else given & ~_MATCH


def _says_more(node: Node, new: Node) -> bool:
    """Whether *node* leads somewhere where *new* does not."""
    return bool(
        ((node.on_yes or node.yes) and not (new.on_yes or new.yes))
        or ((node.on_no or node.no) and not (new.on_no or new.no))
    )


def _decide_alike(node: Node, new: Node) -> bool:
    return _outcome(node.on_yes) == _outcome(new.on_yes) and _outcome(node.on_no) == _outcome(new.on_no)


def _outcome(decision: Decision | None) -> Outcome | None:
    return None if decision is None else decision.outcome


def all_decide(level: Node | None, outcome: Outcome) -> bool:
    """Whether all of the level, and all below it, come to *outcome*."""
    node = None if level is None else _first(level)
    while node is not None:
        if (node.on_yes and node.on_yes.outcome != outcome) or (node.on_no and node.on_no.outcome != outcome):
            return False
        if not (all_decide(node.yes, outcome) and all_decide(node.no, outcome)):
            return False
        node = node.after
    return True


def release(node: Node) -> tuple[int, Node | None]:
    """Let go of *node*: how many nodes are gone by that, and who takes its place for the one who held it."""
    node.holders -= 1
    if node.holders:
        return 0, node
    count = 1
    before, after = node.before, node.after
    if before is not None:
        before.after = None
    if after is not None:
        after.before = None
    if before is not None:
        gone, before = release(before)
        count += gone
    if after is not None:
        gone, after = release(after)
        count += gone
    if before is not None:
        before.after = None if after is None else held(after)
    if after is not None:
        after.before = None if before is None else held(before)
    return count + dropped(node.yes) + dropped(node.no), before or after


def dropped(level: Node | None) -> int:
    """Let go of a level: it is gone as a whole, once nobody outside refers to any of it."""
    if level is None:
        return 0
    count, left = release(level)
    if left is None:
        return count
    node: Node | None = _first(left)
    start = node
    while node is not None:
        if node.holders > (node.before is not None) + (node.after is not None):
            return count
        node = node.after
    node = start
    while node is not None:
        gone, node = release(node)
        count += gone
    return count


def _removed(level: Level, node: Node) -> int:
    """Take *node* out of the tree, and what leads nowhere with it; how many nodes are gone by that."""
    start = level.node
    each = None if start is None else _first(start)
    count = 0
    while each is not None and not count:
        if each is not node:
            count += _removed(Level(each, "yes"), node) + _removed(Level(each, "no"), node)
        if each is node or (each.is_leaf and not each.on_yes and not each.on_no):
            if each is level.node:
                setattr(level.owner, level.slot, each.before or each.after)
            if each.before is not None:
                each.before.after = each.after
            if each.after is not None:
                each.after.before = each.before
            each.before = each.after = None
            return count + release(each)[0]
        each = each.after
    return count


def _first(node: Node) -> Node:
    while node.before is not None:
        node = node.before
    return node
