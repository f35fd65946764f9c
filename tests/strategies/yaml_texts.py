"""YAML texts: manifests in many spellings, with and without faults, and heaps of tokens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

_PARTS: Final[dict[str, list[str]]] = json.loads(Path(__file__).with_suffix(".json").read_text())


def trees() -> st.SearchStrategy[Any]:
    """Values to be written, whose scalars are odd words."""
    leaves = st.one_of(st.sampled_from(_PARTS["odd"]), st.text(st.characters(codec="utf-8"), max_size=5))
    keys = st.sampled_from(_PARTS["keys"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.lists(st.tuples(keys, inner), max_size=4).map(tuple)
        ),
        max_leaves=8,
    )


@st.composite
def written(draw: Callable[..., Any]) -> str:
    """A tree in block style; its scalars in some style, which need not suit them; tuples are mappings."""
    return "".join(f"{line}\n" for line in _block(draw(trees()), draw, 0))


def _block(tree: Any, draw: Callable[..., Any], depth: int) -> list[str]:  # noqa: ANN401 - a tree
    step = draw(st.sampled_from((2, 2, 2, 0, 1, 4)))
    lines: list[str] = []
    if not isinstance(tree, list | tuple):
        return _scalar(tree, draw, " " * (depth + 2))
    if not tree:
        return ["[]" if isinstance(tree, list) else "{}"]
    for part in tree:
        key, value = (
            ("- ", part) if isinstance(tree, list) else (_scalar(part[0], draw, "")[0] + ":", part[1])
        )
        below = _block(value, draw, depth + 1)
        is_short = (len(below) == 1 and not isinstance(value, list | tuple)) or below[0][:1] in {
            "[",
            "{",
            "|",
            ">",
        }
        if isinstance(tree, list):
            lines += [key + below[0], *("  " + each for each in below[1:])]
        elif is_short or draw(st.integers(0, 20)) == 0:
            lines += [f"{key} {below[0]}", *below[1:]]
        else:
            is_flat = isinstance(value, list) and draw(st.booleans())
            lines += [key, *(each if is_flat else " " * step + each for each in below)]
    return lines


def _scalar(text: str, draw: Callable[..., Any], margin: str) -> list[str]:
    style = draw(st.sampled_from("pppp'\"|>t#a"))
    if style == "'":
        return ["'" + text.replace("'", "''") + "'"]
    if style == '"':
        return [json.dumps(text, ensure_ascii=draw(st.booleans()))]
    if style in "|>":
        return [
            style + draw(st.sampled_from(("", "-", "+", " #c"))),
            *(margin + each for each in text.split("\n")),
        ]
    before = {"t": "!!str ", "a": "&a "}.get(style, "")
    return [before + text + (" # c" if style == "#" else "")]


@st.composite
def damaged(draw: Callable[..., Any], texts: st.SearchStrategy[str]) -> str:
    """One of *texts*, with some of its characters changed."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        with_or_instead = draw(st.integers(0, 1))
        text = (
            text[:place]
            + draw(st.sampled_from(" :-#\"'[]{},&*|>%@`?\t\n.0~=<a"))
            + text[place + with_or_instead :]
        )
    return text


def heaps() -> st.SearchStrategy[str]:
    """Tokens without sense."""
    return st.lists(st.sampled_from(_PARTS["tokens"]), min_size=1, max_size=14).map("".join)


def yaml_texts() -> st.SearchStrategy[str]:
    """All of these."""
    return st.one_of(written(), damaged(written()), heaps())


def lines() -> st.SearchStrategy[str]:
    """Lines of block style, most of them plain, at any indentation."""
    line = st.tuples(st.sampled_from((0, 0, 0, 2, 2, 4, 1, 3, 6)), st.sampled_from(_PARTS["lines"]))
    return st.lists(line.map(lambda parts: " " * parts[0] + parts[1]), min_size=1, max_size=9).map("\n".join)


@st.composite
def shuffled(draw: Callable[..., Any], text: str) -> str:
    """A part of the lines of *text*, a few of them indented otherwise, doubled, left out or replaced."""
    every = text.split("\n")
    begin = draw(st.integers(0, len(every) - 1))
    part = every[begin : begin + draw(st.integers(1, 25))]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(part) - 1))
        match draw(st.sampled_from("+-2x=")):
            case "+":
                part[place] = " " + part[place]
            case "-":
                part[place] = part[place][1:]
            case "2":
                part.insert(place, draw(st.sampled_from(part)))
            case "x":
                part[place : place + 1] = []
                part = part or [""]
            case "=":
                part[place] = draw(lines())
    return "\n".join(part) + draw(st.sampled_from(("", "\n", "\n\n", "\n  \n")))
