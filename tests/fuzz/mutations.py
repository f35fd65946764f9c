"""Inputs made from others: reviews with flaws in their JSON, streams with flaws in their HTTP.

Everything is drawn from the *random* that is given, so that a seed names an input.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

DEEPEST = 2000


class Token(str):
    """What stands in the text of JSON as it is."""

    __slots__ = ()


class Members(list[tuple[Any, Any]]):
    """An object's members in their order, the same name perhaps twice."""

    __slots__ = ()


SCALARS = (
    None, True, False, 0, 1, -1, 65536, 2**31, 2**63, -(2**64), 10**30, 1.5, 1e300, "", "x", "ALL", "true",
    "NET_BIND_SERVICE", "RuntimeDefault", "Unconfined", "Localhost", "windows", "linux", "restricted",
    "privileged", "v1.0", "latest", "shop", "open", "kube-system", "system:exempt", "exempt-class", "Pod",
    "Namespace", "v1", "apps/v1", "admission.k8s.io/v1", "AdmissionReview", "CREATE", "UPDATE", "DELETE",
    "pods", "namespaces", "exec", "ephemeralcontainers", "status", "\u00fcn\u00ef\n\0", {}, [],
)  # fmt: skip
TOKENS = tuple(
    Token(text)
    for text in (
        "NaN", "Infinity", "-Infinity", "nan", "-0", "0.0", "1.0", "01", "1e400", "-1e-400", "1E+2", "0x1",
        "+1", ".5", "1.", "1_0", "9" * 400, "True", "None", "undefined", "tru", "'x'", '"', '"\\ud800"',
        '"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', '"a\nb"', '"\\"', "\xff", "", "[", "{", "]", "}", ",",
        "[1,]", '{"a":1,}', "{1:2}", "/**/1", "1//", "\ufeff1", '"\x7f"', '"\\/"', "{}{}",
    )
)  # fmt: skip
# What a pod must not say, wherever it lands.
DANGEROUS = (
    ("privileged", True), ("hostNetwork", True), ("hostPID", True), ("hostIPC", True), ("runAsUser", 0),
    ("runAsNonRoot", False), ("allowPrivilegeEscalation", True), ("procMount", "Unmasked"),
    ("hostPort", 80), ("host", "10.0.0.1"), ("hostPath", {"path": "/"}), ("capabilities", {"add": ["ALL"]}),
    ("seccompProfile", {"type": "Unconfined"}), ("ephemeralContainers", [{"name": "x", "image": "y"}]),
    ("initContainers", [{"name": "x"}]), ("containers", [{}]), ("securityContext", {}), ("hostUsers", False),
    ("windowsOptions", {"hostProcess": True}), ("sysctls", [{"name": "kernel.msgmax"}]),
    ("os", {"name": "windows"}), ("operation", "UPDATE"), ("requestSubResource", "exec"), ("dryRun", True),
    ("namespace", "open"), ("spec", {}), ("object", {}), ("kind", "Pod"), ("apiVersion", "v1"),
)  # fmt: skip


def mutated_review(data: bytes, random: Random, other: bytes = b"") -> bytes:
    """*data* with a few flaws, and perhaps parts of *other*."""
    try:
        tree = json.loads(data, object_pairs_hook=Members)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
            tree = _mutated_tree(tree, random, other)
        text = written(tree, random)
    except (ValueError, RecursionError, OverflowError):
        return mutated_bytes(data, random)
    encoded = text.encode("utf-8", "surrogatepass")
    return mutated_bytes(encoded, random) if random.random() < 0.15 else encoded


def mutated_bytes(data: bytes, random: Random) -> bytes:
    """*data* with a flaw that knows nothing of what it says."""
    at = random.randrange(len(data) + 1)
    junk = random.choice((random.randbytes(random.randint(1, 4)), *_JUNK))
    return random.choice(
        (
            data[:at],
            data[at:],
            data[:at] + junk + data[at:],
            data[:at] + junk + data[at + len(junk) :],
            data[:at] + data[at + random.randint(1, 8) :],
            junk + data,
            data + junk,
            data + data,
            data.decode("utf-8", "replace").encode(
                random.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig"))
            ),
        )
    )


_JUNK = (
    b"\xef\xbb\xbf", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\0", b"\r\n", b" ", b"\t\n ", b"{", b"}", b"[",
    b"]", b'"', b"\\", b",", b":", b"null", b"{}", b"//\n", b"\x1f\x8b",
    b"\r\n\r\n", b"0\r\n\r\n", b"\xf4\x90\x80\x80",
)  # fmt: skip


def _mutated_tree(tree: Any, random: Random, other: bytes) -> Any:  # noqa: ANN401 - any JSON
    places = list(_places(tree))
    if not places:
        return _value(random)
    owner, index = random.choice(places)
    if isinstance(owner, Members):
        random.choice(_ON_MEMBERS)(owner, index, random)
    else:
        random.choice(_ON_ITEMS)(owner, index, random)
    if other and random.random() < 0.05:
        try:
            parts = list(_places(json.loads(other, object_pairs_hook=Members)))
        except (ValueError, RecursionError):
            return tree
        if parts:
            giver, place = random.choice(parts)
            _put(owner, min(index, len(owner) - 1), _at(giver, place))
    return tree


def _places(tree: Any) -> Any:  # noqa: ANN401 - any JSON
    waiting = [tree]
    while waiting:
        owner = waiting.pop()
        if isinstance(owner, list):
            for index in range(len(owner)):
                yield owner, index
                waiting.append(_at(owner, index))


def _at(owner: list[Any], index: int) -> Any:  # noqa: ANN401 - any JSON
    return owner[index][1] if isinstance(owner, Members) else owner[index]


def _put(owner: list[Any], index: int, value: object) -> None:
    if 0 <= index < len(owner):
        owner[index] = (owner[index][0], value) if isinstance(owner, Members) else value


def _value(random: Random) -> Any:  # noqa: ANN401 - any JSON
    kind = random.random()
    if kind < 0.6:
        return deepcopy(random.choice(SCALARS))
    if kind < 0.85:
        return random.choice(TOKENS)
    if kind < 0.9:
        depth = random.choice((2, 20, 200, DEEPEST))
        opening, closing = random.choice((("[", "]"), ('{"a":', "}"), ('[{"spec":', "}]")))
        return Token(opening * depth + "1" + closing * depth)
    if kind < 0.95:
        return random.choice(("x", "\u00e9", "\\", '"')) * random.choice((10, 254, 1025, 70_000))
    return Members([deepcopy(random.choice(DANGEROUS))])


def _replace(owner: list[Any], index: int, random: Random) -> None:
    _put(owner, index, _value(random))


def _delete(owner: list[Any], index: int, _random: Random) -> None:
    del owner[index]


def _copy(owner: list[Any], index: int, random: Random) -> None:
    owner.insert(random.randrange(len(owner) + 1), deepcopy(owner[index]))


def _wrap(owner: list[Any], index: int, random: Random) -> None:
    value = _at(owner, index)
    twice = [value, deepcopy(value)]
    _put(owner, index, random.choice(([value], twice, Members([("spec", value)]), Members([("", value)]))))


def _flip(owner: list[Any], index: int, random: Random) -> None:
    value = _at(owner, index)
    if isinstance(value, bool):
        _put(owner, index, not value)
    elif isinstance(value, int):
        _put(owner, index, random.choice((0, value + 1, -value, float(value), str(value))))
    elif isinstance(value, str):
        words = (value.upper(), value + " ", value + "\0", value[:-1], f"\u200b{value}", "")
        _put(owner, index, random.choice(words))
    else:
        _replace(owner, index, random)


def _second(owner: Members, index: int, random: Random) -> None:
    """The same name once more, before or behind."""
    owner.insert(random.choice((index, index + 1)), (owner[index][0], _value(random)))


def _rename(owner: Members, index: int, random: Random) -> None:
    name, value = owner[index]
    names = (name.lower(), name.upper(), name + "s", name[:-1], f"{name}\0", "", random.choice(DANGEROUS)[0])
    owner[index] = (random.choice(names), value)


def _spell(owner: Members, index: int, random: Random) -> None:
    """The same name in other letters of JSON."""
    name, value = owner[index]
    spelled = "".join(
        f"\\u{ord(each):04x}" if random.random() < 0.5 else each for each in name if ord(each) < 0x10000
    )
    owner[index] = (Token(f'"{spelled}"') if '"' not in name and "\\" not in name else name, value)


def _endanger(owner: Members, index: int, random: Random) -> None:
    owner.insert(random.choice((index, len(owner))), deepcopy(random.choice(DANGEROUS)))


_Change = Callable[[Any, int, Random], None]
_ON_ITEMS: tuple[_Change, ...] = (_replace, _replace, _delete, _copy, _wrap, _flip)
_ON_MEMBERS: tuple[_Change, ...] = (
    *(_replace, _delete, _copy, _wrap, _flip, _flip, _second, _second, _rename, _spell),
    *(_endanger, _endanger, _endanger),
)


def written(value: Any, random: Random) -> str:  # noqa: ANN401 - any JSON
    """*value* as JSON, or what looks like it."""
    if isinstance(value, Token):
        return str(value)
    if isinstance(value, Members):
        return "{" + ",".join(f"{written(str_of(k), random)}:{written(v, random)}" for k, v in value) + "}"
    if isinstance(value, dict):
        return written(Members(value.items()), random)
    if isinstance(value, list):
        return "[" + ",".join(written(each, random) for each in value) + "]"
    return json.dumps(value, ensure_ascii=random.random() < 0.5)


def str_of(name: Any) -> Any:  # noqa: ANN401 - a name, or a token for one
    """The name of a member."""
    return name if isinstance(name, str) else str(name)


HEADS = (
    b"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n",
    b"POST /validate?timeout=10s HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\n",
    b"POST https://webhook.shop.svc/validate HTTP/1.1\r\nContent-Type: Application/JSON\r\n",
    b"POST /%76alidate HTTP/1.1\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n",
)
SMALL = (
    b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /readyz HTTP/1.1\r\n\r\n",
    b"GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"PUT /validate HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
)
FIELDS = (
    b"Content-Length: 5", b"Content-Length: 0", b"Content-Length: 99999999999", b"Content-Length: -1",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity",
    b"Transfer-Encoding : chunked", b"Transfer-Encoding:\x0bchunked", b"Content-Encoding: gzip",
    b"Content-Type: text/plain", b"Content-Type: application/json", b"Connection: close",
    b"Connection: keep-alive", b"Connection: Upgrade\r\nUpgrade: h2c", b"Expect: 100-continue", b" folded: x",
    b"X: " + b"a" * 40_000, b"Host: \xff\0", b": x", b"X", b"Trailer: X", b"TE: trailers",
)  # fmt: skip


def stream(bodies: list[bytes], random: Random) -> bytes:
    """Requests behind one another, sound ones, with *bodies*."""
    parts = []
    for body in bodies:
        head = random.choice(HEADS)
        if random.random() < 0.5:
            parts.append(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
        else:
            parts.append(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(body, random))
        if random.random() < 0.3:
            parts.append(random.choice(SMALL))
    return b"".join(parts)


def chunked(body: bytes, random: Random) -> bytes:
    """*body* in chunks."""
    parts = []
    while body:
        size = random.choice((1, 7, 100, 5000))
        parts.append(b"%x%b\r\n%b\r\n" % (len(body[:size]), random.choice((b"", b"", b";a=b")), body[:size]))
        body = body[size:]
    return b"".join((*parts, b"0\r\n", random.choice((b"", b"", b"X-Trailer: y\r\n")), b"\r\n"))


def mutated_stream(data: bytes, random: Random, other: bytes = b"") -> bytes:
    """*data* with flaws in its lines, and perhaps *other* behind it."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice(_ON_STREAMS)(data, random)
    return data + other if random.random() < 0.1 else data


def _another_field(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\r\n")
    lines.insert(random.randint(1, min(len(lines), 8)), random.choice(FIELDS))
    return b"\r\n".join(lines)


def _line_gone(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\r\n")
    del lines[random.randrange(min(len(lines), 10))]
    return b"\r\n".join(lines)


def _line_twice(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\r\n")
    at = random.randrange(min(len(lines), 10))
    lines.insert(at, lines[at])
    return b"\r\n".join(lines)


def _another_end(data: bytes, random: Random) -> bytes:
    return data.replace(b"\r\n", random.choice((b"\n", b"\r", b"\r\r\n", b"\r\n ")), random.randint(1, 3))


def _another_body(data: bytes, random: Random) -> bytes:
    head, separator, body = data.partition(b"\r\n\r\n")
    changed = mutated_review(body, random)
    if b"Content-Length: %d" % len(body) in head and random.random() < 0.8:
        head = head.replace(b"Content-Length: %d" % len(body), b"Content-Length: %d" % len(changed))
    return head + separator + changed


_ON_STREAMS = (
    _another_field,
    _line_gone,
    _line_twice,
    _another_end,
    _another_body,
    _another_body,
    mutated_bytes,
)
