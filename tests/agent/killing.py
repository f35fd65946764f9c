"""``python -m tests.agent.killing``: ends an installation at every call, and looks at what is left.

A child does the installation and is killed before or after its Nth call, or in the middle of writing; then
the folder is looked at as a runtime would, and another installation must bring everything to its end. Prints
what was wrong, and how many ends there were.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from webhook.agent.installer import Asks, Installer
from webhook.agent.place import DRAFT
from webhook.agent.told import Told

CALLS = (
    "open", "close", "dup", "write", "fsync", "fchmod", "link", "rename", "unlink", "mkdir", "fstat",
    "readlink", "scandir", "listdir", "pread",
)  # fmt: skip
OLD = b'{"defaultAction": "SCMP_ACT_ERRNO"}' + b" " * 9000
NEW = b'{"defaultAction": "SCMP_ACT_LOG"}' + b" " * 12000
FOREIGN = b'{"defaultAction": "SCMP_ACT_KILL_PROCESS"}'
BEFORE = {"changed.json": OLD, "sub/kept.json": OLD, "gone.json": OLD, "used.json": OLD}
WANTED = {"changed.json": NEW, "sub/kept.json": OLD, "new/deep/new.json": NEW, "foreign.json": NEW}
AFTER = {**WANTED, "foreign.json": FOREIGN, "used.json": OLD}
MAY_BE = {
    "changed.json": {OLD, NEW},
    "sub/kept.json": {OLD},
    "new/deep/new.json": {NEW},
    "foreign.json": {FOREIGN},
    "gone.json": {OLD},
    "used.json": {OLD},
}
MUST_BE = {"changed.json", "sub/kept.json", "foreign.json", "used.json"}


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def install(root: Path, source: Path) -> None:
    asks = Asks(lambda _: "", lambda: frozenset({"used.json"}))
    Installer(root, [source], asks, Told(lambda *_: None)).turn()


def visible(root: Path) -> dict[str, bytes]:
    found = [
        each for each in root.rglob("*") if each.is_file() and not each.name.startswith(".seccomp-webhook-")
    ]
    return {str(each.relative_to(root)): each.read_bytes() for each in found}


def end_at(number: int) -> None:
    """Have this process killed at its call *number*: before it for even ones, after it for odd ones."""
    left = number // 2
    ends_after = number % 2 == 1

    def hooked(call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any call
            nonlocal left
            left -= 1
            if left != -1:
                return call(*given, **named)
            try:
                if ends_after and name == "write":
                    call(given[0], bytes(given[1])[: len(given[1]) // 2])
                elif ends_after:
                    call(*given, **named)
            finally:
                os.kill(os.getpid(), signal.SIGKILL)

        return called

    for name in CALLS:
        setattr(os, name, hooked(getattr(os, name), name))


def tried(folder: Path, number: int) -> tuple[bool, list[str]]:
    """Whether the installation was ended at call *number*, and what was wrong then and after the next one."""
    root, source = folder / "root", folder / "source"
    fill(folder / "before", BEFORE)
    install(root, folder / "before")
    (root / "foreign.json").write_bytes(FOREIGN)
    fill(source, WANTED)
    child = os.fork()
    if child == 0:
        try:
            end_at(number)
            install(root, source)
        finally:
            os._exit(0)
    was_ended = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    wrong = [
        f"{number}: {path} has {content[:40]!r} and {len(content)} bytes"
        for path, content in visible(root).items()
        if content not in MAY_BE[path]
    ]
    wrong += [f"{number}: {path} is lost" for path in MUST_BE - {*visible(root)}]
    install(root, source)
    if visible(root) != AFTER:
        left = {path: len(content) for path, content in visible(root).items()}
        wrong.append(f"{number}: the next one leaves {left}")
    wrong += [f"{number}: {each} is left" for each in root.rglob(f"{DRAFT}*")]
    # What is ours is still known to be: it goes when it is wanted no longer.
    for each in source.rglob("*.json"):
        each.unlink()
    install(root, source)
    if visible(root) != {"foreign.json": FOREIGN, "used.json": OLD}:
        wrong.append(f"{number}: in the end there is {[*visible(root)]}")
    return was_ended, wrong


def main(place: Path) -> None:
    # A process that is killed loses nothing that it wrote: nothing need wait for a disk.
    os.fsync = lambda _: None
    number, goes_on = 0, True
    while goes_on:
        (place / str(number)).mkdir()
        goes_on, wrong = tried(place / str(number), number)
        for line in wrong:
            print(line)  # noqa: T201 - what the test reads
        number += goes_on
    print(f"{number} ends")  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]))
