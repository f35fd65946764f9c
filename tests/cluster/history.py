"""An API server as far as lists and watches go: a history of namespaces, whose beginning it forgets."""

from webhook.cluster.namespaces import Labels
from webhook.cluster.positions import Change, Page, Put, Remove

PAGE = 2


class Expired(Exception):
    """410 Gone."""


class History:
    def __init__(self) -> None:
        self.states: list[dict[str, Labels]] = [{}]
        self.changes: list[Change] = []
        self.forgotten = 0

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def state(self) -> dict[str, Labels]:
        return self.states[-1]

    @property
    def ever(self) -> set[tuple[str, str]]:
        """Every namespace that there was, with its level at the time."""
        return {(name, str(labels)) for state in self.states for name, labels in state.items()}

    def put(self, name: str, labels: Labels) -> None:
        self._add(Put(self.version + 1, name, labels), self.state | {name: labels})

    def remove(self, name: str) -> None:
        if name in self.state:
            rest = {known: labels for known, labels in self.state.items() if known != name}
            self._add(Remove(self.version + 1, name), rest)

    def forget(self) -> None:
        self.forgotten = self.version

    def page(self, rest: str) -> Page:
        version, _, after = rest.partition(":")
        at = int(version) if rest else self.version
        if at < self.forgotten:
            raise Expired
        names = [name for name in sorted(self.states[at]) if name > after]
        found = {name: self.states[at][name] for name in names[:PAGE]}
        return Page(found, at, f"{at}:{names[PAGE - 1]}" if len(names) > PAGE else "")

    def since(self, version: int) -> list[Change]:
        if version < self.forgotten:
            raise Expired
        return self.changes[version:]

    def _add(self, change: Change, state: dict[str, Labels]) -> None:
        self.changes.append(change)
        self.states.append(state)
