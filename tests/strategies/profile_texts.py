"""Texts of seccomp profiles: of all dialects at once, with keys spelled oddly, doubled, missing, and damaged."""

import json
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

Tree = Any
"""A value of JSON; an object is a tuple of pairs, so that a key can stand twice; a number is its bytes."""

WORDS: Final = (
    "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ", "SCMP_ARCH_X86_64",
    "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "read", "write", "CAP_SYS_ADMIN", "CAP_BPF", "amd64",
    "arm64", "riscv64", "ENOSYS", "EPERM", "EBOGUS", "38", "0", "00004294967295", "4294967296", "-1", "", "é",
    "\ud83d\ude00", "a\"b\\c/\n\t\x00\x7f", "SECCOMP_FILTER_FLAG_LOG",
)  # fmt: skip
VERSIONS: Final = (
    "", "4.8", "6.1", "6.12", "0.0", "0.1", "5", "4.8.1", "256.1", "1.999x", "x.1", "1.", ".1", "+1.2", "1_0.2",
    " 4.8", "00004.0008", "٤.8", 'a"b\n.1', "�.1", "4.8\u200b",
)  # fmt: skip
NUMBERS: Final = (
    "0", "1", "2", "5", "38", "40", "4095", "4294967295", "4294967296", "18446744073709551615",
    "18446744073709551616", "-1", "-0", "1.0", "1e3", "1E+2", "0.5e-7", "9" * 30,
)  # fmt: skip
_ODD: Final = (
    None,
    True,
    False,
    (),
    [],
    [()],
    (("a", None),),
    "x",
    b"7",
    [[[None]]],
    [None],
    [(("a", b"1"),)],
)

_words = st.sampled_from(WORDS)
_numbers = st.sampled_from(NUMBERS).map(str.encode)
_odd = st.sampled_from(_ODD)


def _often(usual: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """*usual*, and now and then something of another type."""
    return st.integers(0, 24).flatmap(lambda dice: _odd if dice == 0 else st.none() if dice == 1 else usual)


def _object(fields: dict[str, st.SearchStrategy[Tree]], most: int = 6) -> st.SearchStrategy[Tree]:
    members = [st.tuples(_spelled(key), _often(value)) for key, value in fields.items()]
    other = st.tuples(st.sampled_from(("$schema", "errno", "archmap", "ſ", "na\tme", "K")), _odd)
    return st.lists(st.one_of(*members, *members, *members, other), max_size=most).map(tuple)


def _spelled(key: str) -> st.SearchStrategy[str]:
    odd = (
        key.upper(),
        key.capitalize(),
        key.replace("s", "\u017f"),
        key.replace("k", "\u212a"),
        key + " ",
        key[1:],
    )
    return st.integers(0, 9).flatmap(lambda dice: st.sampled_from(odd) if dice == 0 else st.just(key))


def _list(element: st.SearchStrategy[Tree], most: int = 3) -> st.SearchStrategy[Tree]:
    return st.lists(_often(element), max_size=most)


_argument = _object({"index": _numbers, "value": _numbers, "valueTwo": _numbers, "op": _words})
_filter = _object({"caps": _list(_words), "arches": _list(_words), "minKernel": st.sampled_from(VERSIONS)}, 4)
_rule = _object({
    "names": _list(_words), "name": _words, "action": _words, "errnoRet": _numbers, "errno": _words,
    "args": _list(_argument), "includes": _filter, "excludes": _filter, "comment": _words,
})  # fmt: skip
_entry = _object({"architecture": _words, "subArchitectures": _list(_words)}, 3)
profiles: Final = _object({
    "defaultAction": _words, "defaultErrnoRet": _numbers, "defaultErrno": _words, "flags": _list(_words),
    "architectures": _list(_words, 1), "archMap": _list(_entry), "listenerPath": _words,
    "listenerMetadata": _words, "syscalls": _list(_rule, 4),
}, 8)  # fmt: skip


def written(tree: Tree, space: str = "", *, is_ascii: bool = False) -> str:
    """*tree* as JSON, with *space* wherever space may be."""
    if isinstance(tree, bytes):
        return f"{space}{tree.decode()}{space}"
    if isinstance(tree, list):
        return (
            f"{space}[{','.join(written(each, space, is_ascii=is_ascii) for each in tree) or space}]{space}"
        )
    if isinstance(tree, tuple):
        members = (
            f"{written(key, space, is_ascii=is_ascii)}:{written(value, space, is_ascii=is_ascii)}"
            for key, value in tree
        )
        return f"{space}{{{','.join(members) or space}}}{space}"
    return f"{space}{json.dumps(tree, ensure_ascii=is_ascii or isinstance(tree, str) and not tree.isprintable())}{space}"


@st.composite
def profile_texts(draw: Callable[..., Any]) -> bytes:
    """Profiles of any dialect, most of them readable."""
    space = draw(st.sampled_from(("", "", " ", "\n", "\r\n\t")))
    tree = draw(st.one_of(profiles, profiles, profiles, profiles, _odd))
    return written(tree, space, is_ascii=draw(st.booleans())).encode(errors="surrogatepass")


_BYTES: Final = (
    b"", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b".", b"e", b"1", b" ", b"\n", b"\x00", b"t",
    b"f", b"n", b"true", b"null", b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\u00", b"\\ud800",
    b"\\x", b"'", b"\x7f", b"\xa0", b"\xad", b"\\", b"\x1f", b"NaN",
)  # fmt: skip


@st.composite
def damaged(draw: Callable[..., Any]) -> bytes:
    """One of these texts, with a few of its bytes changed, or its end missing."""
    text = draw(profile_texts())
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(_BYTES)) + text[place + draw(st.integers(0, 2)) :]
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 3)) == 0 else text
