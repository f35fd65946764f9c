"""Paths in, documents out, one by one: no more than one document is held at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice

from webhook.manifests.chunks import chunks
from webhook.manifests.document import Document, Unreadable, Value
from webhook.manifests.encodings import as_utf8, text_of
from webhook.manifests.limits import DOCUMENT_BYTES, too_long
from webhook.manifests.lists import CutList, cut, is_list
from webhook.manifests.malformed import Malformed
from webhook.manifests.objects import claims_to_be_object, cut_out, items, problem_of, typed
from webhook.manifests.readers import values
from webhook.manifests.sources import Source, Unusable, blocks, reason, sources
from webhook.manifests.templates import unless_template


def read(paths: Iterable[str]) -> Iterator[Document | Unreadable]:
    """The Kubernetes objects in *paths*: files, folders with all below them, and ``-`` for standard input.

    What a folder holds and is no Kubernetes object is passed over; a file that is named must hold nothing
    else. What cannot be read is yielded as Unreadable, and never hinders the rest.
    """
    for path in paths:
        for source in sources(path):
            if isinstance(source, Unusable):
                yield Unreadable(source.name, None, source.problem)
            else:
                yield from _Reading(source)


class _Reading:
    """One source that is being read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._number = 0

    def __iter__(self) -> Iterator[Document | Unreadable]:
        try:
            for line, data in chunks(as_utf8(blocks(self._source))):
                if data is None:
                    self._number += 1
                    yield self._unreadable(line, too_long(DOCUMENT_BYTES))
                else:
                    yield from self._chunk(line, data)
        except Malformed as malformed:
            yield self._unreadable(malformed.line, malformed.problem)
        except OSError as error:
            yield self._unreadable(None, reason(error))

    def _chunk(self, first_line: int, data: bytes) -> Iterator[Document | Unreadable]:
        text = ""
        try:
            text = text_of(data)
            cut_list = cut(text)
            if cut_list is None:
                yield from self._documents(text, first_line)
            else:
                yield from self._cut_list(cut_list, text, first_line)
        except Malformed as malformed:
            self._number += 1
            malformed = unless_template(malformed, text)
            yield self._unreadable(first_line - 1 + malformed.line, malformed.problem)
        except Exception as error:  # noqa: BLE001 - a bug that one document meets must not hide the others
            yield self._unreadable(
                first_line, f"internal error, please report it: {type(error).__name__}: {error}"
            )

    def _documents(self, text: str, first_line: int) -> Iterator[Document | Unreadable]:
        for value in values(text, first_line):
            self._number += 1
            if value.content is not None:
                yield from self._objects(value)

    def _cut_list(self, cut_list: CutList, text: str, first_line: int) -> Iterator[Document | Unreadable]:
        self._number += 1
        problem = problem_of(cut_list.frame)
        if problem is not None:
            yield self._unreadable(first_line, problem)
            return
        for index, item in enumerate(cut_list.items):
            found = cut_out(item, first_line)
            if found is None:
                yield from self._rest_of_list(index, text, first_line)
                return
            yield from self._objects(typed(found, cut_list.frame), is_item=True)

    def _rest_of_list(self, begin: int, text: str, first_line: int) -> Iterator[Document | Unreadable]:
        """The items from *begin* on of a list that must be read whole. Raises Malformed."""
        for value in values(text, first_line):
            for each in islice(items(value), begin, None):
                yield from self._objects(each, is_item=True)

    def _objects(self, found: Value, *, is_item: bool = False) -> Iterator[Document | Unreadable]:
        """The object that stands there, or the objects in it if it is a list."""
        problem = problem_of(found.content)
        if problem is None:
            if is_list(found.content):
                for item in items(found):
                    yield from self._objects(item, is_item=True)
            else:
                yield Document(
                    self._source.name, self._number, found.line, found.content, found.text, found.inside
                )
        elif self._source.is_named or is_item or claims_to_be_object(found.content):
            yield self._unreadable(found.line, problem)

    def _unreadable(self, line: int | None, problem: str) -> Unreadable:
        return Unreadable(self._source.name, line, problem)
