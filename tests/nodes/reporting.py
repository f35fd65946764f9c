"""Nodes and reports, as short as tests want to say them."""

from hashlib import sha256

from webhook.nodes.node import Node
from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile


def digest(content: str) -> str:
    return f"sha256:{sha256(content.encode()).hexdigest()}"


def file(path: str, content: str = "", profile_class: str = "unjudged", error: str = "") -> SeccompFile:
    return SeccompFile(path, digest(content), len(content), profile_class, error)


def report(node: str, *files: str | SeccompFile, armor: tuple[str, ...] | None = None) -> NodeReport:
    """A report of files, each given as a path or in full, and of AppArmor profiles that are enforced."""
    return NodeReport(
        node,
        seccomp=tuple(file(each) if isinstance(each, str) else each for each in files),
        app_armor=None if armor is None else tuple(AppArmorProfile(each, "enforce") for each in armor),
    )


def node(name: str, **labels: str) -> Node:
    return Node(name, labels)
