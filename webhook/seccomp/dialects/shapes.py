"""What each dialect's Go types are.

Sources: ``github.com/opencontainers/runtime-spec`` v1.3.0, ``specs-go/config.go``, LinuxSeccomp;
``github.com/moby/profiles/seccomp`` v0.2.4, ``seccomp.go``; ``go.podman.io/common`` v0.66.0,
``pkg/seccomp/types.go``.
"""

from typing import Final

from webhook.seccomp.dialects.dialect import Dialect
from webhook.seccomp.dialects.go_types import Field, Kernel, Slice, Struct, Text, Unsigned, folded

_TEXT: Final = Field(Text())
_TEXTS: Final = Field(Slice("[]string", Text()))
_ERRNO: Final = Field(Unsigned("uint", is_pointer=True))


def _embedded(field: Field, struct: str) -> Field:
    return Field(field.type, struct)


def _texts(go: str) -> Field:
    return Field(Slice(f"[]{go}", Text(go)))


_ARGUMENT: Final = {"index": Field(Unsigned("uint")), "value": Field(Unsigned("uint64"))}
_OCI_ARGUMENT: Final = Struct(
    "specs.LinuxSeccompArg",
    {
        **_ARGUMENT,
        "valueTwo": Field(Unsigned("uint64")),
        "op": Field(Text("specs.LinuxSeccompOperator")),
    },
)
_OCI_RULE: Final = {
    "names": _TEXTS,
    "action": Field(Text("specs.LinuxSeccompAction")),
    "errnoRet": _ERRNO,
    "args": Field(Slice("[]specs.LinuxSeccompArg", _OCI_ARGUMENT)),
}
_OCI_PROFILE: Final = {
    "defaultAction": Field(Text("specs.LinuxSeccompAction")),
    "defaultErrnoRet": _ERRNO,
    "architectures": _texts("specs.Arch"),
    "flags": _texts("specs.LinuxSeccompFlag"),
    "listenerPath": _TEXT,
    "listenerMetadata": _TEXT,
}
_OCI: Final = Struct(
    "specs.LinuxSeccomp",
    {
        **_OCI_PROFILE,
        "syscalls": Field(Slice("[]specs.LinuxSyscall", Struct("specs.LinuxSyscall", _OCI_RULE))),
    },
)


def _arch_map(arch: str) -> Field:
    fields = {"architecture": Field(Text(arch)), "subArchitectures": _texts(arch)}
    return Field(Slice("[]seccomp.Architecture", Struct("seccomp.Architecture", fields)))


_DOCKER_FILTER: Final = Field(
    Struct(
        "seccomp.Filter", {"caps": _TEXTS, "arches": _TEXTS, "minKernel": Field(Kernel())}, is_pointer=True
    )
)
_DOCKER_RULE: Final = Struct(
    "seccomp.Syscall",
    {
        **{name: _embedded(field, "LinuxSyscall") for name, field in _OCI_RULE.items()},
        "name": _TEXT,
        "comment": _TEXT,
        "includes": _DOCKER_FILTER,
        "excludes": _DOCKER_FILTER,
    },
    is_pointer=True,
)
_DOCKER: Final = Struct(
    "seccomp.Seccomp",
    {
        **{name: _embedded(field, "LinuxSeccomp") for name, field in _OCI_PROFILE.items()},
        "archMap": _arch_map("specs.Arch"),
        "syscalls": Field(Slice("[]*seccomp.Syscall", _DOCKER_RULE)),
    },
)

_COMMON_FILTER: Final = Field(Struct("seccomp.Filter", {"caps": _TEXTS, "arches": _TEXTS}))
_COMMON_ARGUMENT: Final = Struct(
    "seccomp.Arg",
    {**_ARGUMENT, "valueTwo": Field(Unsigned("uint64")), "op": Field(Text("seccomp.Operator"))},
    is_pointer=True,
)
_COMMON_RULE: Final = Struct(
    "seccomp.Syscall",
    {
        "name": _TEXT,
        "names": _TEXTS,
        "action": Field(Text("seccomp.Action")),
        "args": Field(Slice("[]*seccomp.Arg", _COMMON_ARGUMENT)),
        "comment": _TEXT,
        "includes": _COMMON_FILTER,
        "excludes": _COMMON_FILTER,
        "errnoRet": _ERRNO,
        "errno": _TEXT,
    },
    is_pointer=True,
)
_COMMON: Final = Struct(
    "seccomp.Seccomp",
    {
        "defaultAction": Field(Text("seccomp.Action")),
        "defaultErrnoRet": _ERRNO,
        "defaultErrno": _TEXT,
        "architectures": _texts("seccomp.Arch"),
        "archMap": _arch_map("seccomp.Arch"),
        "syscalls": Field(Slice("[]*seccomp.Syscall", _COMMON_RULE)),
        "flags": _TEXTS,
        "listenerPath": _TEXT,
        "listenerMetadata": _TEXT,
    },
)

SHAPES: Final = {Dialect.OCI: _OCI, Dialect.DOCKER: _DOCKER, Dialect.CONTAINERS_COMMON: _COMMON}
"""The type into which a file of each dialect is decoded; the operator's objects go another way."""

_FILTER_KEYS: Final = ("caps", "arches", "minKernel")
KNOWN: Final = {
    where: frozenset(map(folded, keys))
    for where, keys in {
        "": (*_OCI.fields, *_DOCKER.fields, *_COMMON.fields),
        "syscalls": (*_OCI_RULE, *_DOCKER_RULE.fields, *_COMMON_RULE.fields),
        "syscalls.includes": _FILTER_KEYS,
        "syscalls.excludes": _FILTER_KEYS,
    }.items()
}
"""The keys that some dialect has, as they are compared, by the object in which they stand."""
