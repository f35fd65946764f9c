"""The text of a profile, read as often as there are readers that read it differently."""

from collections.abc import Iterable

from webhook.seccomp.dialects import DIALECT_OF, Dialect, read
from webhook.seccomp.profile import Profile, Unreadable
from webhook.seccomp.target import Target

guess = lambda content: None  # TMP


class Document:
    """A file's content; what a reader makes of it is kept."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.is_object = guess(content) is Dialect.OPERATOR
        self._read: dict[Dialect, Profile | Unreadable] = {}

    def read_by(self, target: Target) -> Profile:
        """The profile as the reader of *target* decodes it. Raises Unreadable.

        An object of the operator is read as what the operator writes to the node.
        """
        return self.read_as(Dialect.OPERATOR if self.is_object else DIALECT_OF[target.runtime.reader])

    def read_as(self, dialect: Dialect) -> Profile:
        """The profile as *dialect* has it. Raises Unreadable."""
        if dialect not in self._read:
            try:
                self._read[dialect] = read(self.content, dialect)
            except Unreadable as problem:
                self._read[dialect] = problem
        found = self._read[dialect]
        if isinstance(found, Unreadable):
            raise found
        return found

    def must_be_read_by_one_of(self, targets: Iterable[Target]) -> None:
        """Raises Unreadable, the first reader's, where no reader of *targets* reads it."""
        problems: list[Unreadable] = []
        for target in targets:
            try:
                self.read_by(target)
            except Unreadable as problem:
                problems.append(problem)
            else:
                return
        if problems:
            raise problems[0]
