"""The labels of a namespace, read as the policy for its pods.

Source: Kubernetes documentation, "Enforce Pod Security Standards with Namespace Labels"; what happens to
bad labels is the built-in plugin's own.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from webhook.policy.field_error import FieldError
from webhook.policy.standard import LATEST, PRIVILEGED, Level, Standard, Version

PREFIX: Final = "pod-security.kubernetes.io/"
MODES: Final = ("enforce", "audit", "warn")


class Policy(NamedTuple):
    """What a namespace asks of its pods: the standard of each mode."""

    enforce: Standard
    audit: Standard
    warn: Standard

    @property
    def is_privileged(self) -> bool:
        """Whether no mode asks for anything."""
        return not (self.enforce.level or self.audit.level or self.warn.level)

    def is_equivalent_to(self, other: "Policy") -> bool:
        """Whether both ask for the same: at the privileged level versions make no difference."""
        pairs = zip(self, other, strict=True)
        return all(mine == its or not (mine.level or its.level) for mine, its in pairs)


PERMISSIVE: Final = Policy(PRIVILEGED, PRIVILEGED, PRIVILEGED)
"""What is asked where neither labels nor configured defaults ask for anything."""


class _Keys(NamedTuple):
    """The two labels of a mode, and the level that a bad one falls back to."""

    level: str
    version: str
    fallback: Level


# A bad enforce label must not let pods in; the other modes only talk.
_ENFORCE, _AUDIT, _WARN = (
    _Keys(f"{PREFIX}{mode}", f"{PREFIX}{mode}-version", fallback)
    for mode, fallback in zip(MODES, (Level.RESTRICTED, Level.PRIVILEGED, Level.PRIVILEGED), strict=True)
)


def policy_of(labels: Mapping[str, str], defaults: Policy) -> tuple[Policy, tuple[FieldError, ...]]:
    """The policy that *labels* ask for, and what is wrong with them; a mode without labels is the default's.

    There is always a policy, strict where a bad label leaves the enforced level open. A warn level that
    nobody sets follows a stricter enforced one.
    """
    if not labels:
        return defaults, ()
    enforce, bad_enforce = _standard(labels, _ENFORCE, defaults.enforce)
    audit, bad_audit = _standard(labels, _AUDIT, defaults.audit)
    warn, bad_warn = _standard(labels, _WARN, defaults.warn)
    is_asked_for = labels.get(_ENFORCE.level) == str(enforce.level)  # and neither default nor fallback
    if is_asked_for and _WARN.level not in labels and enforce.level > warn.level:
        warn = Standard(enforce.level, warn.version if _WARN.version in labels else enforce.version)
    return Policy(enforce, audit, warn), bad_enforce + bad_audit + bad_warn


def is_set(mode: str, labels: Mapping[str, str]) -> bool:
    """Whether *labels* say anything of *mode*."""
    return f"{PREFIX}{mode}" in labels or f"{PREFIX}{mode}-version" in labels


def _standard(
    labels: Mapping[str, str], keys: _Keys, default: Standard
) -> tuple[Standard, tuple[FieldError, ...]]:
    """What the two labels of one mode ask for, and what is wrong with them."""
    level, version = default
    errors: tuple[FieldError, ...] = ()
    if (text := labels.get(keys.level)) is not None:
        try:
            level = Level.parse(text)
        except ValueError as error:
            level = keys.fallback
            errors = (FieldError(_path(keys.level), text, str(error)),)
    if (text := labels.get(keys.version)) is not None:
        try:
            version = Version.parse(text)
        except ValueError as error:
            version = LATEST
            errors += (FieldError(_path(keys.version), text, str(error)),)
    return Standard(level, version), errors


def _path(key: str) -> str:
    return f"metadata.labels[{key}]"
