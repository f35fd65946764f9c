"""A node's report as it travels: the ``status`` of its ``NodeProfiles`` object.

The object is named as its node. What is unknown is absent: no ``appArmor`` means that the kernel has none, an
empty list that nothing is loaded. Source: the schema of ``nodeprofiles.seccomp-webhook.io`` in the chart.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile

GROUP: Final = "seccomp-webhook.io"
VERSION: Final = "v1alpha1"
KIND: Final = "NodeProfiles"
PLURAL: Final = "nodeprofiles"
UNJUDGED: Final = "unjudged"


class MalformedReport(ValueError):
    """A status that no agent of ours wrote."""


class Runtime(Struct, frozen=True):
    """What runs the containers: ``containerd``, ``2.1.4``."""

    name: str = ""
    version: str = ""


class ListedFile(Struct, frozen=True, rename={"profile_class": "class"}):
    """An entry of ``seccomp``."""

    path: str
    digest: str = ""
    size: int = 0
    profile_class: str = UNJUDGED
    error: str = ""


class ListedProfile(Struct, frozen=True):
    """An entry of ``appArmor``."""

    name: str
    mode: str


class Status(Struct, frozen=True, rename="camel"):
    """The status of the object. Other structs may hold it, to decode a list of such objects at once."""

    runtime: Runtime = Runtime()
    kernel: str = ""
    architecture: str = ""
    seccomp_default: bool | UnsetType = UNSET
    seccomp: tuple[ListedFile, ...] = ()
    left_out: int = 0
    app_armor: tuple[ListedProfile, ...] | UnsetType = UNSET


def status_of(report: NodeReport) -> dict[str, Any]:
    """The status that says *report*, as JSON's own types; what is empty or unknown is left out."""
    status: dict[str, Any] = {
        "runtime": {"name": report.runtime, "version": report.runtime_version},
        "kernel": report.kernel,
        "architecture": report.architecture,
        "seccomp": [_listed(file) for file in report.seccomp],
    }
    if report.seccomp_default is not None:
        status["seccompDefault"] = report.seccomp_default
    if report.left_out:
        status["leftOut"] = report.left_out
    if report.app_armor is not None:
        status["appArmor"] = [{"name": name, "mode": mode} for name, mode in report.app_armor]
    return status


def _listed(file: SeccompFile) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": file.path, "size": file.size, "class": file.profile_class}
    if file.digest:
        entry["digest"] = file.digest
    if file.error:
        entry["error"] = file.error
    return entry


def report_from(node: str, status: Mapping[str, Any] | bytes) -> NodeReport:
    """What the node called *node* says of itself in *status*, which is JSON or what was made of it.

    Keys that a later version added are passed over. Raises MalformedReport, with the path of what is wrong.
    """
    try:
        read = (
            msgspec.json.decode(status, type=Status)
            if isinstance(status, bytes)
            else msgspec.convert(status, Status)
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedReport(f"the report of node {node!r} cannot be read: {error}") from error
    return report_of(node, read)


def report_of(node: str, status: Status) -> NodeReport:
    """What the node called *node* says of itself, of a status that was decoded already."""
    app_armor = status.app_armor
    return NodeReport(
        node,
        runtime=status.runtime.name,
        runtime_version=status.runtime.version,
        kernel=status.kernel,
        architecture=status.architecture,
        seccomp_default=None if status.seccomp_default is UNSET else status.seccomp_default,
        seccomp=tuple(
            SeccompFile(file.path, file.digest, file.size, file.profile_class, file.error)
            for file in status.seccomp
        ),
        app_armor=(
            None if app_armor is UNSET else tuple(AppArmorProfile(each.name, each.mode) for each in app_armor)
        ),
        left_out=status.left_out,
    )
