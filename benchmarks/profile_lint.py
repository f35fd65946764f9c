"""``profile lint`` on 1,000 profiles: CPU of the whole process and its memory, interpreter included."""

import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.check import Usage
from webhook.seccomp.syscalls import names

_PROFILES: Final = 1_000
_CONDITIONED: Final = ("socket", "personality", "clone", "prctl", "ioctl")


def profile(source: random.Random) -> dict[str, Any]:
    """A profile as people have them: 60 to 350 calls allowed, some of them by argument."""
    known = sorted(names("SCMP_ARCH_X86_64"))
    allowed = source.sample(known, source.randint(60, 350))
    rules: list[dict[str, Any]] = [{"names": allowed, "action": "SCMP_ACT_ALLOW"}]
    rules += [
        {
            "names": [name],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": source.randint(0, 50), "op": "SCMP_CMP_EQ"}],
        }
        for name in source.sample(_CONDITIONED, 3)
    ]
    architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"][: source.randint(1, 3)]
    return {"defaultAction": "SCMP_ACT_ERRNO", "architectures": architectures, "syscalls": rules}


def linted(arguments: Sequence[str], folder: Path) -> Usage:
    """What ``profile lint`` of *folder* takes."""
    command = [
        sys.executable, "-m", "webhook", "profile", "lint", *arguments, str(folder),
        "-o", f"json={os.devnull}",
    ]  # fmt: skip
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) != 1:
        sys.exit(f"{' '.join(command)} was to find something, and ended with {status}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = random.Random(9)  # noqa: S311 - the same profiles each time
        for number in range(_PROFILES):
            (folder / f"{number}.json").write_text(json.dumps(profile(source), indent=2))
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"{_PROFILES:,} profiles, {size / 1e6:.1f} MB")
        for told, arguments in (("containerd+runc", ["--runtime", "containerd+runc"]), ("all runtimes", [])):
            usage = linted(arguments, folder)
            print(f"{told}: {usage.cpu_seconds:.1f} s CPU, {usage.peak_mib:.0f} MiB")
