"""What a reader makes of a file on one node, for one container: the profile that goes to the OCI runtime.

Sources: ``github.com/moby/profiles/seccomp`` v0.2.4, ``seccomp_linux.go``, setupSeccomp;
``go.podman.io/common`` v0.66.0, ``pkg/seccomp/seccomp_linux.go``, setupSeccomp; containerd,
``contrib/seccomp``, WithProfile.
"""

from collections.abc import Iterator
from typing import Final

from webhook.seccomp.dialects.dialect import DIALECT_OF, Dialect
from webhook.seccomp.dialects.errnos import number_of
from webhook.seccomp.dialects.go_architectures import ARCH_MAP_ENTRY, GO_NAME
from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.refusals import is_disabled, two_lists, two_names
from webhook.seccomp.profile import Filter, Place, Profile, Rule, Unreadable
from webhook.seccomp.target import Target

_TOP: Final = Place(1, "")


def resolve(profile: Profile, target: Target) -> Profile | None:
    """The profile as *target*'s reader hands it to the OCI runtime, with no condition left in it.

    *profile* must have been read in the dialect of that reader. None: the reader hands over no profile, and
    the container runs without a filter. An empty list of flags is left out, as Go leaves it out where it
    writes the container's config.json. Raises Unreadable with the reader's words where it refuses the
    profile on this node.
    """
    dialect = DIALECT_OF[target.runtime.reader]
    if dialect is Dialect.OCI:
        return profile._replace(flags=profile.flags or None)
    if is_disabled(profile):
        return None
    if profile.architectures and profile.sub_architectures:
        raise two_lists(dialect, _TOP)
    return profile._replace(
        default_errno=_number(profile.default_errno, _TOP),
        architectures=(*profile.architectures, *_mapped(profile, dialect, target)),
        sub_architectures=None,
        flags=profile.flags or None,
        rules=tuple(_rules(profile, dialect, target)),
    )


def _mapped(profile: Profile, dialect: Dialect, target: Target) -> tuple[str, ...]:
    """What ``archMap`` adds on the target's architecture: the first entry for it counts."""
    entry = ARCH_MAP_ENTRY[dialect].get(target.architecture)
    for each in profile.sub_architectures or ():
        if each.architecture == entry:
            return (each.architecture, *each.others)
    return ()


def _rules(profile: Profile, dialect: Dialect, target: Target) -> Iterator[Rule]:
    for rule in profile.rules:
        is_applied = applies(rule, dialect, target)
        if rule.name and (is_applied or dialect is Dialect.DOCKER):
            raise two_names(dialect, rule)
        if not is_applied:
            continue
        errno = _number(rule.errno, rule.place)
        # containers-common hands on one rule for each key of names; of Docker's, one without names stays.
        if rule.names or dialect is Dialect.DOCKER:
            yield rule._replace(errno=errno, includes=Filter(), excludes=Filter(), comment="")


def applies(rule: Rule, dialect: Dialect, target: Target) -> bool:
    """Whether *rule* counts on *target*: none of what excludes it is there, and all that includes it is."""
    architecture = GO_NAME[dialect].get(target.architecture, "")
    excludes, includes = rule.excludes, rule.includes
    if architecture in excludes.architectures or target.capabilities.intersection(excludes.capabilities):
        return False
    if excludes.kernel is not None and _reaches(target, excludes.kernel):
        return False
    if includes.architectures and architecture not in includes.architectures:
        return False
    if not target.capabilities.issuperset(includes.capabilities):
        return False
    return includes.kernel is None or _reaches(target, includes.kernel)


def _reaches(target: Target, kernel: tuple[int, int]) -> bool:
    return tuple(target.kernel[:2]) >= kernel


def _number(errno: int | str | None, place: Place) -> int | None:
    if not isinstance(errno, str):
        return errno
    number = number_of(errno)
    if number is None:
        raise Unreadable(f"unknown errno {shown(errno)}", place)
    return number
