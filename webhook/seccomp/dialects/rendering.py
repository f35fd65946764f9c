"""Profiles written down."""

from typing import Any, Final

import msgspec

from webhook.seccomp.dialects import operator_schema as schema
from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.exactness import Inexact, reasons
from webhook.seccomp.profile import Argument, Filter, Profile, Rule

_INDENT: Final = 2


def render(profile: Profile, dialect: Dialect, *, name: str = "profile") -> bytes:
    """*profile* as JSON in *dialect*: the same is read from it again, comments and places apart.

    Of the operator it is an object, which is called *name*. Raises Inexact where the dialect cannot say it.
    """
    why = tuple(reasons(profile, dialect))
    if why:
        raise Inexact(why)
    content = _top(profile, dialect)
    if dialect is Dialect.OPERATOR:
        content = {
            "apiVersion": f"{schema.GROUP}/{schema.VERSIONS[0]}",
            "kind": schema.KIND,
            "metadata": {"name": name},
            "spec": content,
        }
    return msgspec.json.format(msgspec.json.encode(content), indent=_INDENT) + b"\n"


def _top(profile: Profile, dialect: Dialect) -> dict[str, Any]:
    written: dict[str, Any] = {"defaultAction": profile.default_action}
    written |= _errno(profile.default_errno, "defaultErrno")
    if profile.architectures:
        written["architectures"] = profile.architectures
    if profile.sub_architectures:
        written["archMap"] = [
            {"architecture": each.architecture, "subArchitectures": each.others}
            for each in profile.sub_architectures
        ]
    if profile.flags is not None:
        written["flags"] = profile.flags
    if profile.listener_path:
        written["listenerPath"] = profile.listener_path
    if profile.listener_metadata:
        written["listenerMetadata"] = profile.listener_metadata
    if profile.rules or dialect is not Dialect.OPERATOR:
        written["syscalls"] = [_rule(each, dialect) for each in profile.rules]
    return written


def _rule(rule: Rule, dialect: Dialect) -> dict[str, Any]:
    written: dict[str, Any] = {"name": rule.name} if rule.name else {}
    if rule.names or rule.has_names:
        written["names"] = rule.names
    written["action"] = rule.action
    written |= _errno(rule.errno, "errno")
    if rule.arguments:
        written["args"] = [_argument(each) for each in rule.arguments]
    if rule.comment and dialect in {Dialect.DOCKER, Dialect.CONTAINERS_COMMON}:
        written["comment"] = rule.comment
    for key, condition in (("includes", rule.includes), ("excludes", rule.excludes)):
        if condition != Filter():
            written[key] = _condition(condition)
    return written


def _errno(errno: int | str | None, key: str) -> dict[str, int | str]:
    if errno is None:
        return {}
    return {key: errno} if isinstance(errno, str) else {f"{key}Ret": errno}


def _argument(argument: Argument) -> dict[str, int | str]:
    two = {"valueTwo": argument.value_two} if argument.value_two else {}
    return {"index": argument.number, "value": argument.value, **two, "op": argument.op}


def _condition(condition: Filter) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if condition.capabilities:
        written["caps"] = condition.capabilities
    if condition.architectures:
        written["arches"] = condition.architectures
    if condition.kernel is not None:
        kernel, major = condition.kernel
        # No text is read as 0.0 but the empty one.
        written["minKernel"] = f"{kernel}.{major}" if kernel or major else ""
    return written
