"""Texts of seccomp profiles: all dialects in one, with keys spelled oddly, doubled, missing, and damaged."""

import json
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

Tree = Any
"""A value of JSON; an object is a tuple of pairs, so that a key can stand twice; a number is its bytes."""

WORDS: Final = (
    "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ",
    "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "read", "write",
    "CAP_SYS_ADMIN", "CAP_BPF", "amd64", "arm64", "riscv64", "ENOSYS", "EPERM", "EBOGUS", "38", "0",
    "00004294967295", "4294967296", "-1", "", "\u00e9", "\ud83d\ude00", 'a"b\\c/\n\t\x00\x7f',
    "SECCOMP_FILTER_FLAG_LOG",
)  # fmt: skip
VERSIONS: Final = ("", "4.8", "6.1", "6.12", "0.1", "00004.0008")
BAD_VERSIONS: Final = (
    "0.0", "5", "4.8.1", "256.1", "1.999x", "x.1", "1.", ".1", "+1.2", "1_0.2", " 4.8", "\u0664.8", 'a"b\n.1',
    "\ufffd.1", "4.8\u200b",
)  # fmt: skip
NUMBERS: Final = ("0", "1", "2", "5", "38", "4095", "4294967296", "18446744073709551615")
BAD_NUMBERS: Final = ("18446744073709551616", "-1", "-0", "1.0", "1e3", "1E+2", "0.5e-7", "9" * 30)
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
_odd = st.sampled_from(_ODD)


def profiles(*, good: bool) -> st.SearchStrategy[Tree]:
    """Profiles with everything that some dialect has; some values of a wrong type, where not *good*."""
    number = st.sampled_from(NUMBERS if good else NUMBERS + BAD_NUMBERS).map(str.encode)
    version = st.sampled_from(VERSIONS if good else VERSIONS + BAD_VERSIONS)

    def often(usual: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        other = st.none() if good else _odd
        return st.integers(0, 19).flatmap(lambda dice: other if dice == 0 else usual)

    def an_object(most: int, **fields: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        members = [st.tuples(_spelled(key), often(value)) for key, value in fields.items()]
        foreign = st.tuples(st.sampled_from(("$schema", "archmap", "\u017f", "na\tme", "K")), _odd)
        return st.lists(st.one_of(*members, *members, *members, foreign), max_size=most).map(tuple)

    def a_list(element: st.SearchStrategy[Tree], most: int = 3) -> st.SearchStrategy[Tree]:
        return st.lists(often(element), max_size=most)

    words, argument = a_list(_words), an_object(5, index=number, value=number, valueTwo=number, op=_words)
    condition = an_object(3, caps=words, arches=words, minKernel=version)
    rule = an_object(
        6, names=words, name=_words, action=_words, errnoRet=number, errno=_words, args=a_list(argument),
        includes=condition, excludes=condition, comment=_words,
    )  # fmt: skip
    entry = an_object(3, architecture=_words, subArchitectures=words)
    rules = a_list(rule, 5)
    most = an_object(
        5, defaultAction=_words, defaultErrnoRet=number, defaultErrno=_words, flags=words,
        architectures=a_list(_words, 1), archMap=a_list(entry), listenerPath=_words,
        listenerMetadata=_words, syscalls=rules,
    )  # fmt: skip
    return st.one_of(most, st.tuples(most, rules).map(lambda parts: (*parts[0], ("syscalls", parts[1]))))


def _spelled(key: str) -> st.SearchStrategy[str]:
    like = key.replace("s", "\u017f"), key.replace("k", "\u212a")
    odd = (key.upper(), key.capitalize(), *like, key + " ", key[1:])
    return st.integers(0, 9).flatmap(lambda dice: st.sampled_from(odd) if dice == 0 else st.just(key))


def written(tree: Tree, space: str = "", *, is_ascii: bool = False) -> str:
    """*tree* as JSON, with *space* wherever space may be."""

    def below(tree: Tree) -> str:
        return written(tree, space, is_ascii=is_ascii)

    if isinstance(tree, bytes):
        text = tree.decode()
    elif isinstance(tree, list):
        text = f"[{','.join(map(below, tree)) or space}]"
    elif isinstance(tree, tuple):
        members = (f"{below(key)}:{below(value)}" for key, value in tree)
        text = f"{{{','.join(members) or space}}}"
    else:
        text = json.dumps(tree, ensure_ascii=is_ascii)
    return f"{space}{text}{space}"


_GOOD: Final = profiles(good=True)
_ANY: Final = st.one_of(_GOOD, _GOOD, _GOOD, _GOOD, profiles(good=False), profiles(good=False), _odd)


@st.composite
def profile_texts(draw: Callable[..., Any]) -> bytes:
    """Profiles of any dialect, most of them readable."""
    space = draw(st.sampled_from(("", "", " ", "\n", "\r\n\t")))
    tree = draw(_ANY)
    return written(tree, space, is_ascii=draw(st.booleans())).encode(errors="surrogatepass")


_BYTES: Final = (
    b"", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b".", b"e", b"1", b" ", b"\n", b"\x00",
    b"t", b"f", b"n", b"true", b"null", b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\u00",
    b"\\ud800", b"\\x", b"'", b"\x7f", b"\xa0", b"\xad", b"\\", b"\x1f", b"NaN",
)  # fmt: skip


@st.composite
def damaged(draw: Callable[..., Any]) -> bytes:
    """One of these texts, with a few of its bytes changed, or its end missing."""
    text = draw(profile_texts())
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(_BYTES)) + text[place + draw(st.integers(0, 2)) :]
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 3)) == 0 else text
