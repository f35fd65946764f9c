"""The object SeccompProfile of the security-profiles-operator.

Source: security-profiles-operator 1.0, ``api/seccompprofile/v1``. The operator writes the object's ``spec``
into the file that the nodes read, and leaves out what Go calls empty: an ``errnoRet`` of 0 is none.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from webhook.seccomp.dialects import operator_schema as schema
from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.lines import lines_of
from webhook.seccomp.dialects.operator_checks import Checks
from webhook.seccomp.dialects.parsed import value_of
from webhook.seccomp.dialects.text import Member, Value, values_of
from webhook.seccomp.profile import Argument, Lost, Profile, Rule

_NOT_READ: Final = frozenset({"metadata", "status"})


def read_operator(
    document: bytes | Mapping[str, Any], line_at: Callable[[str], int] = lambda _: 1
) -> Profile:
    """The profile that the operator makes of *document*: JSON, or an object that is already parsed.

    For the latter *line_at* tells the line of a path (``spec.syscalls[0].names[1]``). Raises Unreadable where
    the API server would refuse the object.
    """
    if isinstance(document, Mapping):
        document = {key: None if key in _NOT_READ else value for key, value in document.items()}
        return _profile(value_of(document, line_at), Checks(lambda line: line))
    return _profile(values_of(document), Checks(lines_of(document)))


def _profile(root: Value, checks: Checks) -> Profile:
    top = checks.members(root, "", schema.TOP_KEYS, "")
    _is_of_the_kind(root, top, checks)
    if "spec" not in top:
        raise checks.refused(root, "spec", "Required value")
    spec = top["spec"].value
    found = checks.members(spec, "spec", schema.SPEC_KEYS, "")
    if "defaultAction" not in found:
        raise checks.refused(spec, "spec.defaultAction", "Required value")
    if "state" in found:
        checks.text(found["state"].value, "spec.state", schema.STATES)
    if "baseProfileName" in found and checks.text(found["baseProfileName"].value, "spec.baseProfileName"):
        checks.remark(found["baseProfileName"], "spec", Lost.ELSEWHERE)
    flags = _texts(found, "flags", checks, schema.FLAGS)
    if "flags" in found and not flags:
        checks.remark(found["flags"], "spec", Lost.OMITTED)
    return Profile(
        default_action=checks.text(found["defaultAction"].value, "spec.defaultAction", schema.ACTIONS),
        architectures=_texts(found, "architectures", checks, schema.ARCHITECTURES),
        flags=flags or None,
        listener_path=_listener_path(found, checks),
        listener_metadata=(
            checks.text(found["listenerMetadata"].value, "spec.listenerMetadata")
            if "listenerMetadata" in found
            else ""
        ),
        rules=tuple(
            _rule(each, path, checks)
            for each, path in (
                checks.items(found["syscalls"].value, "spec.syscalls") if "syscalls" in found else ()
            )
        ),
        remarks=tuple(checks.remarks),
    )


def _is_of_the_kind(root: Value, top: dict[str, Member], checks: Checks) -> None:
    versions = [f"{schema.GROUP}/{each}" for each in schema.VERSIONS]
    for key, supported in (("apiVersion", versions), ("kind", [schema.KIND])):
        if key not in top:
            raise checks.refused(root, key, "Required value")
        checks.text(top[key].value, key, supported)


def _texts(found: dict[str, Member], key: str, checks: Checks, supported: tuple[str, ...]) -> tuple[str, ...]:
    return checks.texts(found[key].value, f"spec.{key}", supported) if key in found else ()


def _listener_path(found: dict[str, Member], checks: Checks) -> str:
    if "listenerPath" not in found:
        return ""
    value, path = found["listenerPath"].value, "spec.listenerPath"
    text = checks.text(value, path)
    if not schema.is_listener_path(text):
        why = f"Invalid value: \"{shown(text)}\": {path} in body should match '{schema.LISTENER_PATH}'"
        raise checks.refused(value, path, why)
    return text


def _rule(value: Value, path: str, checks: Checks) -> Rule:
    found = checks.members(value, path, schema.RULE_KEYS, "syscalls")
    for key in ("names", "action"):
        if key not in found:
            raise checks.refused(value, f"{path}.{key}", "Required value")
    names_value = found["names"].value
    names = checks.texts(names_value, f"{path}.names")
    if not names:
        below = f"{path}.names"
        raise checks.refused(
            names_value, below, f"Invalid value: 0: {below} in body should have at least 1 items"
        )
    return Rule(
        names=names,
        action=checks.text(found["action"].value, f"{path}.action", schema.ACTIONS),
        errno=_errno(found, path, checks),
        arguments=_arguments(found, path, checks),
        place=checks.place(value.offset, path),
        name_lines=tuple(checks.place(each.offset, "").line for each in names_value.content),
    )


def _errno(found: dict[str, Member], path: str, checks: Checks) -> int | None:
    if "errnoRet" not in found:
        return None
    number = checks.integer(found["errnoRet"].value, f"{path}.errnoRet", schema.MAX_INT32)
    if not number:
        checks.remark(found["errnoRet"], path, Lost.OMITTED)
    return number or None


def _arguments(found: dict[str, Member], path: str, checks: Checks) -> tuple[Argument, ...]:
    if "args" not in found:
        return ()
    value, below = found["args"].value, f"{path}.args"
    arguments = tuple(_argument(each, at, checks) for each, at in checks.items(value, below))
    if len(arguments) > schema.MAX_ARGUMENTS:
        why = f"Too many: {len(arguments)}: must have at most {schema.MAX_ARGUMENTS} items"
        raise checks.refused(value, below, why)
    return arguments


def _argument(value: Value, path: str, checks: Checks) -> Argument:
    found = checks.members(value, path, schema.ARGUMENT_KEYS, "syscalls.args")
    for key in ("index", "op"):
        if key not in found:
            raise checks.refused(value, f"{path}.{key}", "Required value")

    def number(key: str, most: int) -> int:
        return checks.integer(found[key].value, f"{path}.{key}", most) if key in found else 0

    return Argument(
        number=number("index", schema.MAX_INT32),
        value=number("value", schema.MAX_INT64),
        value_two=number("valueTwo", schema.MAX_INT64),
        op=checks.text(found["op"].value, f"{path}.op", schema.OPERATORS),
        place=checks.place(value.offset, path),
    )
