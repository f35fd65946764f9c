"""The Go types that profiles are decoded into, as far as ``encoding/json`` looks at them."""

from collections.abc import Mapping
from typing import Final, NamedTuple

# What these two fold to letters of ASCII is what Go's ``foldName`` does with them; no other character does.
_FOLDED: Final = str.maketrans({"\u017f": "s", "\u212a": "k"})


def folded(key: str) -> str:
    """The key as it is compared with the names of fields. Source: Go, encoding/json, ``fold.go``."""
    return (key if key.isascii() else key.translate(_FOLDED)).lower()


class Text(NamedTuple):
    """A string, or a type made of it."""

    go: str = "string"


class Unsigned(NamedTuple):
    """An unsigned number of 64 bits; with ``is_pointer``, null takes back what was there."""

    go: str
    is_pointer: bool = False


class Kernel(NamedTuple):
    """``*seccomp.KernelVersion`` of Docker, which reads itself."""

    go: str = "seccomp.KernelVersion"


class Slice(NamedTuple):
    """A list."""

    go: str
    element: "Type"


class Struct:
    """An object with known keys; with ``is_pointer``, null makes it nil. ``name`` is without the package."""

    __slots__ = ("_folded", "fields", "go", "is_pointer", "name")

    def __init__(self, go: str, fields: Mapping[str, "Field"], *, is_pointer: bool = False) -> None:
        self.go = go
        self.name = go.rpartition(".")[2]
        self.fields = fields
        self.is_pointer = is_pointer
        self._folded = {folded(name): name for name in fields}

    def name_of(self, key: str) -> str | None:
        """The field that *key* means: the one of that name, else of that name in other case."""
        return key if key in self.fields else self._folded.get(folded(key))


class Field(NamedTuple):
    """A field. ``embedded`` is the struct inside the struct that it is of, which messages name."""

    type: "Type"
    embedded: str = ""


Type = Text | Unsigned | Kernel | Slice | Struct
