"""The runtimes on which something holds, in few words."""

from collections.abc import Sequence

from webhook.seccomp.target import Runtime


def on(runtimes: Sequence[Runtime], asked: Sequence[Runtime]) -> str:
    """Which of those *asked* about *runtimes* are, as " (runc)"; empty where they are all of them."""
    if set(runtimes) >= set(asked):
        return ""
    return f" ({named(runtimes, asked)})"


def named(runtimes: Sequence[Runtime], asked: Sequence[Runtime]) -> str:
    """*runtimes* as a list; by reader or loader alone, where that says the same among those *asked* about."""
    if set(runtimes) >= set(asked):
        return "all runtimes" if len(asked) > 1 else str(asked[0])
    for part in ("reader", "loader"):
        parts = dict.fromkeys(str(getattr(runtime, part)) for runtime in runtimes)
        if set(runtimes) == {each for each in asked if str(getattr(each, part)) in parts}:
            return ", ".join(parts)
    return ", ".join(map(str, runtimes))
