"""What it takes to follow 5,000 nodes with 200 profiles each, while 1,000 a second say something new."""

import json
import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.played_nodes import MARK, MARKED, NODES, PROFILES, RATE, SECONDS, serve
from webhook.cluster import Access, LiveCluster
from webhook.server.memory import give_large_blocks_back


class Told:
    """Who is told of what is followed, and keeps how much of it is known."""

    def __init__(self) -> None:
        self.known = 0

    def said(self, severity: str, message: str) -> None:
        """Nothing: this is for people."""

    def asked(self, wanted: str, status: str) -> None:
        """Nothing."""

    def is_behind(self, since: float | None) -> None:
        """Nothing."""

    def looked_up(self, found: str) -> None:
        """Nothing."""

    def knows(self, number: int) -> None:
        """Keep the number."""
        self.known = number

    def of(self, called: str) -> "Told":
        """One for what nodes hold, and another for everything else."""
        return PROFILES_TOLD if called == "node profiles" else Told()


PROFILES_TOLD: Final = Told()


def resident() -> float:
    """The memory of this process in MiB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def access(folder: Path, port: int) -> Access:
    config = folder / "kubeconfig"
    cluster = {"name": "played", "cluster": {"server": f"http://127.0.0.1:{port}"}}
    context = {"name": "played", "context": {"cluster": "played", "user": "we"}}
    users = [{"name": "we", "user": {}}]
    document = {"current-context": "played", "clusters": [cluster], "contexts": [context], "users": users}
    config.write_text(json.dumps(document))
    return Access.of_kubeconfig(str(config))


def measure_list(live: LiveCluster) -> None:
    before, cpu, since = resident(), time.process_time(), time.monotonic()
    live.follow_nodes(wanted=True)
    while PROFILES_TOLD.known < NODES:
        time.sleep(0.01)
    print(
        f"{NODES:,} nodes with {PROFILES} profiles each, all different: known after "
        f"{time.monotonic() - since:.1f} s, {time.process_time() - cpu:.1f} s CPU; "
        f"memory {before:.0f} MiB before, {resident():.0f} MiB then"
    )


def is_known(live: LiveCluster, number: int) -> bool:
    """Whether the marked change of that *number* has arrived, or one after it."""
    held = live.inventory().holding(MARKED)
    return held is not None and f"{MARK}{number:06}" <= held.paths[0] < f"{MARK}~"


def measure_changes(live: LiveCluster, mark: Connection) -> None:
    most = resident()
    late: list[float] = []
    cpu = time.process_time()
    mark.send("begin")
    while True:
        number, moment = mark.recv()
        if number < 0:
            break
        while not is_known(live, number):
            time.sleep(0.001)
        late.append((time.monotonic() - moment) * 1000)
        most = max(most, resident())
    late.sort()
    print(
        f"{RATE * SECONDS / moment:.0f} changes/s: {100 * (time.process_time() - cpu) / moment:.0f}% of "
        f"a core; known after p50 {late[len(late) // 2]:.0f} ms, p95 {late[len(late) * 95 // 100]:.0f} ms, "
        f"at most {late[-1]:.0f} ms; memory at most {most:.0f} MiB"
    )


def main() -> None:
    port, theirs = multiprocessing.Pipe()
    mark, marks = multiprocessing.Pipe()
    played = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, marks), daemon=True)
    played.start()
    give_large_blocks_back()
    try:
        with TemporaryDirectory() as folder:
            live = LiveCluster(access(Path(folder), port.recv()))
            live.start(Told())
            measure_list(live)
            # The watch comes after the list.
            time.sleep(1)
            measure_changes(live, mark)
    finally:
        played.kill()
