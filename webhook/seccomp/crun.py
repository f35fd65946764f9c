"""What crun makes of a profile.

Source: crun's behavior, measured with 1.8.1 by ``tests/e2e/test_runtimes.py``; the words of newer releases
are those of crun's sources, and were measured with 1.28.
"""

from collections.abc import Sequence
from typing import Final, NoReturn

from webhook.seccomp.actions import KILL, Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.building import WHOLE_PROFILE, Building, conditions_of
from webhook.seccomp.libseccomp import Refused
from webhook.seccomp.loaded import Comparison, Loaded, NotStarted
from webhook.seccomp.profile import Argument, Place, Profile, Rule
from webhook.seccomp.target import Target, Version

_QUOTES_SINCE: Final = (1, 8, 6)
_GET_ACTION_SINCE: Final = (1, 25)
_ARGUMENTS: Final = 6
_FLAGS: Final = frozenset(
    f"SECCOMP_FILTER_FLAG_{name}" for name in ("TSYNC", "SPEC_ALLOW", "LOG", "WAIT_KILLABLE_RECV")
)
_SPEC_ALLOW: Final = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
_ACTIONS: Final = {**{action.value: action for action in Action}, KILL: Action.KILL_THREAD}
_OPERATORS: Final = frozenset(Comparison)
_WITH_ERRNO: Final = frozenset({Action.ERRNO.value, Action.TRACE.value})
_BY_PLAIN_NAME: Final = {each.plain: each for each in ARCHITECTURES.values()}
_SINCE: Final = {"loongarch64": (2, 6, 0), "m68k": (2, 6, 0), "sh": (2, 6, 0), "sheb": (2, 6, 0)}
_ERRORS: Final = {
    "EINVAL": "Invalid argument",
    "EEXIST": "File exists",
    "EDOM": "Numerical argument out of domain",
}


def load_by_crun(profile: Profile, target: Target) -> Loaded:
    """The filter that crun loads. *profile* holds no conditions any more. Raises NotStarted, Unjudged."""
    version = target.runtime.loader_version
    _check_required(profile)
    default = _outcome(profile.default_action, profile.default_errno, WHOLE_PROFILE, version)
    building = Building(profile, target, default, "error seccomp_init")
    for name in profile.architectures:
        _add_architecture(building, name, target)
    for at, rule in enumerate(profile.rules):
        _add(building, at, rule, version)
    flags = (_SPEC_ALLOW,) if profile.flags is None else profile.flags
    for flag in flags:
        if flag not in _FLAGS:
            raise NotStarted(f"unknown seccomp option {_quoted(flag, version)}", WHOLE_PROFILE)
    if profile.listener_path and not any(rule.action == Action.NOTIFY for rule in profile.rules):
        building.drop(WHOLE_PROFILE, "listenerPath: crun connects to it although no rule notifies")
    loaded = building.loaded(tuple(flags))
    building.check_length(loaded.instructions, "seccomp (SECCOMP_SET_MODE_FILTER): Invalid argument")
    return loaded


def _check_required(profile: Profile) -> None:
    for rule in profile.rules:
        for argument in rule.arguments:
            if not argument.op:
                _missing("op", argument.place)
        if not rule.has_names:
            _missing("names", rule.place)
        if not rule.action:
            _missing("action", rule.place)
    if not profile.default_action:
        _missing("defaultAction", WHOLE_PROFILE)


def _missing(key: str, place: Place) -> NoReturn:
    raise NotStarted(f"Required field '{key}' not present", place)


def _outcome(action: str, errno: int | str | None, place: Place, version: Version) -> Outcome:
    """The action with its number, of which 16 bits are kept; without one it is EPERM."""
    if errno is not None and action not in _WITH_ERRNO:
        raise NotStarted(f"errno value specified for action `{action}`", place)
    if action not in _ACTIONS:
        verb = "seccomp get action" if version >= _GET_ACTION_SINCE else "invalid seccomp action"
        raise NotStarted(f"{verb} `{action}`", place)
    if action not in _WITH_ERRNO:
        return Outcome(_ACTIONS[action])
    return Outcome(_ACTIONS[action], errno & 0xFFFF if isinstance(errno, int) else 1)


def _add_architecture(building: Building, name: str, target: Target) -> None:
    written = name.removeprefix("SCMP_ARCH_")
    architecture = _BY_PLAIN_NAME.get(written.lower())
    if architecture is None or target.libseccomp < _SINCE.get(architecture.plain, ()):
        text = _quoted(written, target.runtime.loader_version)
        raise NotStarted(f"seccomp unknown architecture {text}", WHOLE_PROFILE)
    try:
        building.filter.add_architecture(architecture.name)
    except Refused as refused:
        raise NotStarted(f"seccomp adding architecture: {_ERRORS[refused.error]}", WHOLE_PROFILE) from None


def _add(building: Building, at: int, rule: Rule, version: Version) -> None:
    """Put the calls of one entry, the one at *at*, into the filter. Raises NotStarted."""
    outcome = _outcome(rule.action, rule.errno, rule.place, version)
    arguments = rule.arguments[:_ARGUMENTS]
    if len(rule.arguments) > _ARGUMENTS:
        building.drop(rule.arguments[_ARGUMENTS].place, "crun looks at six conditions of a rule")
    for name in rule.names:
        if outcome == building.filter.default:
            building.drop(rule.place, f"{name}: the action is the default action")
            continue
        if not building.filter.knows(name):
            building.drop(rule.place, f"{name}: libseccomp does not know such a call")
            continue
        _check(arguments, at, version)
        call = f"seccomp_rule_add `{name}`" if not arguments else "seccomp_rule_add_array"
        for conditions in conditions_of(arguments):
            try:
                building.filter.add_rule(name, outcome, conditions, rule.place)
            except Refused as refused:
                raise NotStarted(f"{call}: {_ERRORS[refused.error]}", rule.place) from None


def _check(arguments: Sequence[Argument], at: int, version: Version) -> None:
    """Look at the conditions of the entry at *at*; beyond two for one argument crun does not count on."""
    seen: set[int] = set()
    for argument in arguments:
        if argument.number >= _ARGUMENTS:
            raise NotStarted(f"invalid seccomp index {_quoted(str(at), version)}", argument.place)
        if argument.number in seen:
            break
        seen.add(argument.number)
    for argument in arguments:
        if argument.op not in _OPERATORS:
            raise NotStarted("get_seccomp_operator", argument.place)


def _quoted(text: str, version: Version) -> str:
    return f"`{text}`" if version >= _QUOTES_SINCE else text
