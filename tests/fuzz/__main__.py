"""``python -m tests.fuzz``: as many inputs as ``FUZZ_INPUTS`` says, over the reviews, what is put into
pods of them, and the streams.

With Atheris, what is new to the program leads to more of its kind; without it (it has no packages for some
systems) inputs are made from the samples alone. An input for which something does not hold is kept, and the
exit status is 1: ``python -m tests.fuzz review FILE`` tries it again.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic

INPUTS = int(os.environ.get("FUZZ_INPUTS", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
KEPT = Path(os.environ.get("FUZZ_KEPT", "build/fuzz"))
TARGETS = ("review", "mutation", "stream")
LONGEST = 128 * 1024
"""Bytes of an input: twice what a review has that is decided at once."""

Try = Callable[[bytes], bool]
Mutate = Callable[[bytes, Random, bytes], bytes]


def parts_of(target: str) -> tuple[Try, Mutate, list[bytes]]:
    """What is tried, how inputs are made, and from what."""
    from tests.fuzz import corpus, mutations, targets  # noqa: PLC0415 - Atheris must be there before them

    if target == "review":
        return targets.try_review, mutations.mutated_review, corpus.reviews()
    if target == "mutation":
        return targets.try_mutation, mutations.mutated_review, corpus.reviews()
    return targets.Edge().try_stream, mutations.mutated_stream, corpus.streams()


def plain(target: str, inputs: int) -> int:
    """Try *inputs* made from the samples. Returns how many were answered."""
    attempt, mutate, samples = parts_of(target)
    answered = 0
    for number in range(inputs):
        random = Random(SEED * inputs + number)  # noqa: S311 - a number names an input
        data = mutate(random.choice(samples), random, random.choice(samples))
        try:
            answered += attempt(data)
        except BaseException:
            keep(target, data)
            raise
    return answered


def guided(target: str, inputs: int) -> None:
    """Try *inputs* with Atheris, which ends the process."""
    import atheris  # noqa: PLC0415 - not everywhere

    with atheris.instrument_imports(include=["webhook"]):
        attempt, mutate, samples = parts_of(target)

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - as above
        if random.random() < 0.2:
            return bytes(atheris.Mutate(data, longest))
        return mutate(data, random, random.choice(samples))[:longest]

    def once(data: bytes) -> None:
        attempt(data)

    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number, sample in enumerate(samples):
            Path(folder, str(number)).write_bytes(sample)
        arguments = [
            f"-runs={inputs}", f"-seed={SEED}", f"-max_len={LONGEST}", "-len_control=0", "-timeout=60",
            "-rss_limit_mb=4096", f"-artifact_prefix={KEPT}/{target}-", "-print_final_stats=1", folder,
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *arguments], once, custom_mutator=mutator)
        atheris.Fuzz()


def keep(target: str, data: bytes) -> None:
    """Write an input that found something where it is found again."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{target}-found"
    file.write_bytes(data)
    sys.stderr.write(f"kept: {file}\n")


def main(arguments: list[str]) -> int:
    """Try a file again, one target, or all targets, each in a process of its own."""
    # Deep values are read by the judge too.
    sys.setrecursionlimit(20_000)
    if len(arguments) == 2:
        target, file = arguments
        parts_of(target)[0](Path(file).read_bytes())
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    if arguments:
        if importlib.util.find_spec("atheris"):
            guided(arguments[0], INPUTS // len(TARGETS))
        else:
            answered = plain(arguments[0], INPUTS // len(TARGETS))
            sys.stdout.write(f"{arguments[0]}: {answered} of {INPUTS // len(TARGETS)} answered\n")
        return 0
    statuses = []
    for target in TARGETS:
        started = monotonic()
        status = subprocess.run([sys.executable, "-m", "tests.fuzz", target], check=False).returncode  # noqa: S603 - ourselves
        sys.stdout.write(
            f"{target}: {INPUTS // len(TARGETS)} inputs in {monotonic() - started:.0f} s, status {status}\n"
        )
        statuses.append(status)
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
