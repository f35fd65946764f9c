"""The text of a profile, read as often as there are readers that read it differently."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from webhook.seccomp.dialects import DIALECT_OF, Dialect, guess, read, read_operator
from webhook.seccomp.profile import Place, Profile, Unreadable
from webhook.seccomp.target import Target

_KIND: Final = b"SeccompProfile"


class Document:
    """A file's content; what a reader makes of it is kept. ``is_object`` where it is one of the operator's.

    ``content`` is JSON.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._line_at: Callable[[str], int] | None = None
        self._read: dict[Dialect, Profile | Unreadable] = {}
        self.is_object = _KIND in content and _is_object(content)

    @classmethod
    def of_object(cls, parsed: Mapping[str, Any], line_at: Callable[[str], int]) -> "Document":
        """An object of the operator that is already parsed; *line_at* tells the line of a path in it."""
        document = cls(msgspec.json.encode(parsed))
        document.is_object = True
        document._line_at = line_at
        try:
            document._read[Dialect.OPERATOR] = read_operator(parsed, line_at)
        except Unreadable as problem:
            document._read[Dialect.OPERATOR] = problem
        return document

    def read_by(self, target: Target) -> Profile:
        """The profile as the reader of *target* decodes it. Raises Unreadable.

        An object of the operator is read as what the operator writes to the node.
        """
        return self.read_as(DIALECT_OF[target.runtime.reader])

    def read_as(self, dialect: Dialect) -> Profile:
        """The profile as *dialect* has it, or an object as it is. Raises Unreadable."""
        if self.is_object:
            dialect = Dialect.OPERATOR
        if dialect not in self._read:
            plain = self._read.get(Dialect.OCI)
            if isinstance(plain, Profile) and not plain.remarks and b"null" not in self.content:
                # All keys are such as every dialect has: only of null they make different things.
                self._read[dialect] = plain
                return plain
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

    def placed(self, place: Place) -> Place:
        """*place* with the line of the key that its path names, where it has none."""
        if place.line:
            return place
        if self._line_at is not None:
            return place._replace(line=self._line_at(f"spec.{place.path}"))
        found = re.search(rb'"%b"\s*:' % place.path.encode(), self.content)
        return place._replace(line=self.content.count(b"\n", 0, found.start()) + 1 if found else 1)


def _is_object(content: bytes) -> bool:
    try:
        return guess(content) is Dialect.OPERATOR
    except Unreadable:
        return False
