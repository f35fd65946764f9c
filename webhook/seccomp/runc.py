"""What runc makes of a profile.

Source: runc's behavior, measured with 1.1.5 and 1.3.6 by ``tests/e2e/test_runtimes.py``; OCI runtime
specification, "Linux Container Configuration", section "Seccomp".
"""

from typing import Final

from webhook.seccomp.actions import KILL, Action, Outcome
from webhook.seccomp.building import WHOLE_PROFILE, Building, conditions_of
from webhook.seccomp.libseccomp import Refused
from webhook.seccomp.loaded import NO_FILTER, Comparison, Condition, Loaded, NotStarted
from webhook.seccomp.profile import Place, Profile, Rule
from webhook.seccomp.stub import with_stub
from webhook.seccomp.target import Target

_FLAGS_SINCE: Final = (1, 2)
_RISCV64_SINCE: Final = (1, 1, 8)
_MANY_CALLS: Final = 32
_SPEC_ALLOW: Final = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
_TSYNC: Final = "SECCOMP_FILTER_FLAG_TSYNC"
_FLAGS: Final = frozenset({_TSYNC, _SPEC_ALLOW, "SECCOMP_FILTER_FLAG_LOG"})
_ACTIONS: Final = {**{action.value: action for action in Action}, KILL: Action.KILL_THREAD}
_OPERATORS: Final = frozenset(Comparison)
_ARCHITECTURES: Final = frozenset(
    f"SCMP_ARCH_{name}"
    for name in (
        "X86", "X86_64", "X32", "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64",
        "MIPSEL64N32", "PPC", "PPC64", "PPC64LE", "RISCV64", "S390", "S390X",
    )
)  # fmt: skip
_ERRORS: Final = {
    "EINVAL": "two checks on same syscall argument",
    "EEXIST": "file exists",
    "EDOM": "numerical argument out of domain",
}
"""What libseccomp's numbers become; the first is misleading, and is also said of an errno above 4095."""


def load_by_runc(profile: Profile, target: Target) -> Loaded:
    """The filter that runc loads. *profile* holds no conditions any more. Raises NotStarted, Unjudged."""
    if not profile.default_action and not profile.rules:
        return NO_FILTER
    _validate(profile, target)
    default = _outcome(_ACTIONS[profile.default_action], profile.default_errno)
    _validate_notify(profile, default)
    building = Building(profile, target, default, "error creating filter: could not create filter")
    for name in profile.architectures:
        try:
            building.filter.add_architecture(name)
        except Refused as refused:
            text = f"error adding architecture to seccomp filter: {_ERRORS[refused.error]}"
            raise NotStarted(text, WHOLE_PROFILE) from None
    calls = sum(len(rule.names) for rule in profile.rules)
    building.filter.is_sorted = calls > _MANY_CALLS
    for rule in profile.rules:
        _add(building, rule)
    if (
        any(rule.action == Action.NOTIFY and rule.names for rule in profile.rules)
        and not profile.listener_path
    ):
        subject = "seccomp listenerPath" if target.runtime.loader_version >= _FLAGS_SINCE else "listenerPath"
        raise NotStarted(f"{subject} is not set", WHOLE_PROFILE)
    flags = (_SPEC_ALLOW,) if profile.flags is None else profile.flags
    if profile.flags is None and target.runtime.loader_version < _FLAGS_SINCE:
        flags = ()
    loaded = building.loaded(tuple(flag for flag in flags if flag != _TSYNC))
    loaded = with_stub(loaded, profile, target)
    building.check_length(
        loaded.instructions,
        "error loading seccomp filter into kernel: error loading seccomp filter: invalid argument",
    )
    return loaded


def _validate(profile: Profile, target: Target) -> None:
    """What runc looks at before anything is started, in its order. Raises NotStarted."""
    version = target.runtime.loader_version
    if profile.flags and version < _FLAGS_SINCE:
        raise NotStarted("seccomp flags are not yet supported by runc", WHOLE_PROFILE)
    for flag in profile.flags or ():
        if flag not in _FLAGS:
            raise NotStarted(f"seccomp flag {flag} is not known to runc", WHOLE_PROFILE)
    for name in profile.architectures:
        is_late = name == "SCMP_ARCH_RISCV64" and version < _RISCV64_SINCE
        if name not in _ARCHITECTURES or is_late:
            raise NotStarted(f"string {name} is not a valid arch for seccomp", WHOLE_PROFILE)
    _check_action(profile.default_action, WHOLE_PROFILE)
    for rule in profile.rules:
        _check_action(rule.action, rule.place)
        # Of a rule for no call the conditions are not looked at.
        for argument in rule.arguments if rule.names else ():
            if argument.op not in _OPERATORS:
                raise NotStarted(f"string {argument.op} is not a valid operator for seccomp", argument.place)


def _check_action(action: str, place: Place) -> None:
    if action not in _ACTIONS:
        raise NotStarted(f"string {action} is not a valid action for seccomp", place)


def _validate_notify(profile: Profile, default: Outcome) -> None:
    for rule in profile.rules:
        if rule.action == Action.NOTIFY and "write" in rule.names:
            raise NotStarted("SCMP_ACT_NOTIFY cannot be used for the write syscall", rule.place)
    if default.action is Action.NOTIFY:
        raise NotStarted("SCMP_ACT_NOTIFY cannot be used as default action", WHOLE_PROFILE)


def _add(building: Building, rule: Rule) -> None:
    """Put the calls of one entry into the filter. Raises NotStarted."""
    action = _ACTIONS[rule.action]
    outcome = _outcome(action, rule.errno)
    for name in rule.names:
        if not name:
            raise NotStarted("empty string is not a valid syscall", rule.place)
        if outcome == building.filter.default:
            building.drop(rule.place, f"{name}: the action is the default action")
            continue
        if not building.filter.knows(name):
            building.drop(rule.place, f"{name}: libseccomp does not know such a call")
            continue
        for argument in rule.arguments:
            if argument.number > building.last_argument:
                problem = f"syscalls only have up to 6 arguments ({argument.number} given)"
                text = f"error creating seccomp syscall condition for syscall {name}: {problem}"
                raise NotStarted(text, argument.place)
        for conditions in conditions_of(rule.arguments):
            _add_one(building, name, outcome, conditions, rule)


def _add_one(
    building: Building, name: str, outcome: Outcome, conditions: tuple[Condition, ...], rule: Rule
) -> None:
    try:
        building.filter.add_rule(name, outcome, conditions, rule.place)
    except Refused as refused:
        kind = "rule" if conditions else "filter rule"
        text = f"error adding seccomp {kind} for syscall {name}: {_ERRORS[refused.error]}"
        raise NotStarted(text, rule.place) from None


def _outcome(action: Action, errno: int | str | None) -> Outcome:
    """The action with its number, of which runc keeps 16 bits; without one it is EPERM."""
    if action not in {Action.ERRNO, Action.TRACE}:
        return Outcome(action)
    return Outcome(action, errno & 0xFFFF if isinstance(errno, int) else 1)
