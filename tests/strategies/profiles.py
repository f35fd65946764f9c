"""Seccomp profiles as values, most of which can be said in most dialects."""

from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from webhook.seccomp.dialects import Dialect
from webhook.seccomp.dialects.go_architectures import GO_NAME
from webhook.seccomp.profile import Argument, Filter, Place, Profile, Rule, SubArchitectures
from webhook.seccomp.target import CONTAINERD_RUNC, CRIO_RUNC, DOCKER_RUNC, Target

NOWHERE: Final = Place(0, "")
RUNTIMES: Final = {
    Dialect.OCI: CONTAINERD_RUNC,
    Dialect.OPERATOR: CONTAINERD_RUNC,
    Dialect.DOCKER: DOCKER_RUNC,
    Dialect.CONTAINERS_COMMON: CRIO_RUNC,
}
"""Who reads a file of each dialect; the operator writes files for all of them."""

ARCHITECTURES: Final = tuple(sorted({*GO_NAME[Dialect.DOCKER], *GO_NAME[Dialect.CONTAINERS_COMMON]}))
CAPABILITIES: Final = ("CAP_SYS_ADMIN", "CAP_BPF", "CAP_NET_RAW")
_GO_NAMES: Final = ("amd64", "arm64", "s390x", "x86", "loong64", "loongarch64", "mipsel64n32")
_FLAGS: Final = ("SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC")
_CONDITIONAL: Final = {Dialect.DOCKER, Dialect.CONTAINERS_COMMON}
_SPEC: Final = ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM")


class Words(NamedTuple):
    """What profiles are made of."""

    names: tuple[str, ...] = ("read", "clone3", "no_such_call", "")
    actions: tuple[str, ...] = ("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "scmp_act_allow")
    operators: tuple[str, ...] = ("SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ", "==")
    errnos: tuple[int | str | None, ...] = (None, None, 1, 38, 0, 1 << 31, (1 << 64) - 1)
    values: tuple[int, ...] = (0, 1, 0xFFFFFFFF, 1 << 63, (1 << 64) - 1)
    architectures: tuple[str, ...] = (*ARCHITECTURES, "amd64")
    flags: tuple[str, ...] = (*_FLAGS, "FLAG")
    paths: tuple[str, ...] = ("", "/run/agent.sock")


WORDS_OF: Final = {
    Dialect.OCI: Words(),
    Dialect.DOCKER: Words(),
    Dialect.CONTAINERS_COMMON: Words(errnos=(None, None, 1, 0, "ENOSYS", "EPERM", "38", "EBOGUS")),
    Dialect.OPERATOR: Words(
        names=("read", "clone3", "no_such_call"),
        actions=("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS"),
        operators=("SCMP_CMP_EQ", "SCMP_CMP_NE"),
        errnos=(None, 1, 38),
        values=(0, 1, 0xFFFFFFFF, (1 << 63) - 1),
        architectures=_SPEC,
        flags=_FLAGS,
        paths=("", "/var/run/security-profiles-operator/agent.sock"),
    ),
}


def _some(of: tuple[Any, ...], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(of), max_size=most, unique=True).map(tuple)


def _filters(dialect: Dialect) -> st.SearchStrategy[Filter]:
    kernels = (None, (4, 8), (6, 1), (255, 255), (0, 0)) if dialect is Dialect.DOCKER else (None,)
    full = st.builds(Filter, _some(CAPABILITIES, 2), _some(_GO_NAMES, 2), st.sampled_from(kernels))
    return st.one_of(st.just(Filter()), full) if dialect in _CONDITIONAL else st.just(Filter())


def _profiles(dialect: Dialect) -> st.SearchStrategy[Profile]:
    words, filters = WORDS_OF[dialect], _filters(dialect)
    is_operator, is_conditional = dialect is Dialect.OPERATOR, dialect in _CONDITIONAL
    values, errnos = st.sampled_from(words.values), st.sampled_from(words.errnos)
    argument = st.tuples(
        st.sampled_from((0, 1, 5, 6)), values, values, st.sampled_from(words.operators), st.just(NOWHERE)
    )
    names = st.lists(st.sampled_from(words.names), min_size=is_operator, max_size=3, unique=True).map(tuple)
    arguments = st.lists(argument.map(Argument._make), max_size=2).map(tuple)
    actions, nowhere = st.sampled_from(words.actions), st.just(NOWHERE)
    # Not builds(): it would think of values for what has a default, too.
    rule = st.tuples(names, actions, errnos, arguments, nowhere, filters, filters).map(
        lambda parts: Rule(*parts)
    )
    mapped = st.builds(SubArchitectures, st.sampled_from(ARCHITECTURES), _some(ARCHITECTURES, 2))
    maps = st.lists(mapped, max_size=2).map(tuple) if is_conditional else st.none()
    return st.builds(
        _profile,
        default_action=st.sampled_from(words.actions if is_operator else ("", *words.actions)),
        default_errno=st.none() if is_operator else errnos,
        architectures=_some(words.architectures, 2),
        sub_architectures=maps,
        flags=st.one_of(st.none(), _some(words.flags, 2)),
        listener_path=st.sampled_from(words.paths),
        listener_metadata=st.sampled_from(("", "\u00e9\n")),
        rules=st.lists(rule, max_size=3).map(tuple),
    )


def _profile(**fields: Any) -> Profile:  # noqa: ANN401 - whatever a profile has
    if fields["sub_architectures"]:
        fields["architectures"] = ()
    return Profile(**fields)


_PROFILES: Final = {dialect: _profiles(dialect) for dialect in Dialect}


def profiles(*dialects: Dialect) -> st.SearchStrategy[Profile]:
    """Profiles of what one of *dialects* has; only few cannot be said in it."""
    return st.one_of(*(_PROFILES[each] for each in dialects))


def targets(dialect: Dialect) -> st.SearchStrategy[Target]:
    """Nodes and containers for which a file of *dialect* may be read."""
    parts = st.tuples(
        st.sampled_from(ARCHITECTURES),
        st.sampled_from(((4, 8), (6, 1), (6, 12))),
        st.frozensets(st.sampled_from(CAPABILITIES)),
    )
    return parts.map(lambda drawn: Target(RUNTIMES[dialect], drawn[0], drawn[1], capabilities=drawn[2]))


def without_places(profile: Profile) -> Profile:
    """What *profile* means: without places, remarks and comments, and with one kind of nothing."""
    return profile._replace(
        sub_architectures=profile.sub_architectures or None,
        rules=tuple(map(_without_places, profile.rules)),
        remarks=(),
    )


def _without_places(rule: Rule) -> Rule:
    arguments = tuple(each._replace(place=NOWHERE) for each in rule.arguments)
    return rule._replace(place=NOWHERE, name_lines=(), has_names=True, comment="", arguments=arguments)
