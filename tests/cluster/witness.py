"""Clocks that only move when told, and somebody who remembers what was told."""

import threading
from collections import Counter


class Times:
    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []
        self.luck = 0.5

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + 500_000.0

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def chance(self) -> float:
        return self.luck


class Witness:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.behind: list[float | None] = []
        self.asks: Counter[tuple[str, str]] = Counter()
        self.lookups: Counter[str] = Counter()
        self.number = 0
        self.lock = threading.Lock()
        self.others: dict[str, Witness] = {}

    def said(self, severity: str, message: str) -> None:
        self.lines.append(f"{severity}: {message}")

    def asked(self, wanted: str, status: str) -> None:
        self.asks[wanted, status] += 1

    def knows(self, namespaces: int) -> None:
        self.number = namespaces

    def is_behind(self, since: float | None) -> None:
        self.behind.append(since)

    def of(self, called: str) -> "Witness":
        with self.lock:
            return self.others.setdefault(called, Witness())

    def looked_up(self, found: str) -> None:
        self.lookups[found] += 1
