"""The labels of a namespace, read as the policy for its pods.

Source: Kubernetes documentation, "Enforce Pod Security Standards with Namespace Labels"; what happens to
bad labels is the built-in plugin's own.
"""

from collections.abc import Mapping
from functools import lru_cache
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
_ENFORCE, _AUDIT, _WARN = _ALL = tuple(
    _Keys(f"{PREFIX}{mode}", f"{PREFIX}{mode}-version", fallback)
    for mode, fallback in zip(MODES, (Level.RESTRICTED, Level.PRIVILEGED, Level.PRIVILEGED), strict=True)
)
NAMES: Final = tuple(name for keys in _ALL for name in (keys.level, keys.version))
"""Every label that is read."""


def policy_of(labels: Mapping[str, str], defaults: Policy) -> tuple[Policy, tuple[FieldError, ...]]:
    """The policy that *labels* ask for, and what is wrong with them; a mode without labels is the default's.

    Bad labels make a policy too: a bad level counts as restricted where it is to be enforced, and as
    privileged elsewhere. Where a label sets the enforced level and none sets the level to warn of, that is
    no less strict.
    """
    if not labels:
        return defaults, ()
    try:
        return _policy(tuple([labels.get(name) for name in NAMES]), defaults), ()
    except _BadLabels as bad:
        return bad.policy, bad.errors


def is_set(mode: str, labels: Mapping[str, str]) -> bool:
    """Whether *labels* say anything of *mode*."""
    return f"{PREFIX}{mode}" in labels or f"{PREFIX}{mode}-version" in labels


class _BadLabels(Exception):
    def __init__(self, policy: Policy, errors: tuple[FieldError, ...]) -> None:
        super().__init__(errors)
        self.policy = policy
        self.errors = errors


@lru_cache(maxsize=1024)
def _policy(texts: tuple[str | None, ...], defaults: Policy) -> Policy:
    """The policy that *texts* ask for, one for each of ``NAMES``.

    Raises _BadLabels rather than to return errors: what is raised is not cached, and bad labels come in
    requests, of any number and length.
    """
    enforce, bad_enforce = _standard(_ENFORCE, texts[0:2], defaults.enforce)
    audit, bad_audit = _standard(_AUDIT, texts[2:4], defaults.audit)
    warn, bad_warn = _standard(_WARN, texts[4:6], defaults.warn)
    is_asked_for = texts[0] == str(enforce.level)  # and neither default nor fallback
    if is_asked_for and texts[4] is None and enforce.level > warn.level:
        warn = Standard(enforce.level, enforce.version if texts[5] is None else warn.version)
    policy = Policy(enforce, audit, warn)
    if errors := (*bad_enforce, *bad_audit, *bad_warn):
        raise _BadLabels(policy, errors)
    return policy


def _standard(
    keys: _Keys, texts: tuple[str | None, ...], default: Standard
) -> tuple[Standard, list[FieldError]]:
    """What the two labels of one mode ask for, and what is wrong with them."""
    level, version = default
    errors = []
    level_text, version_text = texts
    if level_text is not None:
        try:
            level = Level.parse(level_text)
        except ValueError as error:
            level = keys.fallback
            errors.append(FieldError(_path(keys.level), level_text, str(error)))
    if version_text is not None:
        try:
            version = Version.parse(version_text)
        except ValueError as error:
            version = LATEST
            errors.append(FieldError(_path(keys.version), version_text, str(error)))
    return Standard(level, version), errors


def _path(key: str) -> str:
    return f"metadata.labels[{key}]"
