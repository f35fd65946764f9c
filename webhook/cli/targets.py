"""The options that say where a profile is to be loaded, and for which container."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from webhook.policy.nearest import did_you_mean
from webhook.reports.printable import printable
from webhook.seccomp.architectures import NATIVE
from webhook.seccomp.capabilities import CAPABILITIES
from webhook.seccomp.target import DEFAULT_CAPABILITIES, RUNTIMES, Target, Version

_Command = TypeVar("_Command", bound=Callable[..., Any])

_RUNTIMES: Final = {str(runtime): runtime for runtime in RUNTIMES}
_READERS: Final = tuple(dict.fromkeys(str(runtime.reader) for runtime in RUNTIMES))
_ALL: Final = "all"
_DEFAULT: Final = Target()


def target_options(command: _Command) -> _Command:
    """``--runtime``, ``--arch``, ``--kernel``, ``--libseccomp``, ``--cap-add``, ``--cap-drop``, and one more.

    Of what the command gets by them, ``targets_of`` makes targets.
    """
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def targets_of(options: dict[str, Any]) -> tuple[Target, ...]:
    """A target for each runtime that is asked about, from what click collected."""
    return tuple(
        Target(
            runtime,
            NATIVE[options["arch"]],
            options["kernel"],
            options["libseccomp"],
            _capabilities(options["cap_add"], options["cap_drop"]),
            options["allow_privilege_escalation"],
        )
        for runtime in options["runtimes"]
    )


def _version(_context: click.Context, _option: click.Parameter, text: str) -> Version:
    if not re.fullmatch(r"\d{1,5}(\.\d{1,5}){1,3}", text):
        raise click.BadParameter(f'"{printable(text)}" is no version such as 6.12.')
    return tuple(map(int, text.split(".")))


def _runtimes(_context: click.Context, _option: click.Parameter, names: Sequence[str]) -> tuple[Any, ...]:
    if not names or _ALL in names:
        return RUNTIMES
    asked = (
        runtime
        for name in names
        for text, runtime in _RUNTIMES.items()
        if name in {text, str(runtime.reader)}
    )
    return tuple(dict.fromkeys(asked))


def _names(_context: click.Context, _option: click.Parameter, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_named(name) for name in names)


def _named(name: str) -> str:
    """A capability as profiles name it. Raises BadParameter, with what could be meant."""
    plain = name.upper().removeprefix("CAP_")
    if plain == "ALL":
        return "ALL"
    if f"CAP_{plain}" not in CAPABILITIES:
        meant = did_you_mean(plain, [each.removeprefix("CAP_") for each in CAPABILITIES])
        raise click.BadParameter(f'no capability "{printable(name)}"{meant}')
    return f"CAP_{plain}"


def _capabilities(added: Sequence[str], dropped: Sequence[str]) -> frozenset[str]:
    """The bounding set. Source: containerd's CRI, which adds and drops ALL first, and then names."""
    kept = frozenset(CAPABILITIES) if "ALL" in added else DEFAULT_CAPABILITIES
    kept = frozenset() if "ALL" in dropped else kept
    return (kept | frozenset(added)) - frozenset(dropped) - {"ALL"}


_OPTIONS: Final = (
    click.option(
        "--runtime",
        "runtimes",
        type=click.Choice([*_RUNTIMES, *_READERS, _ALL]),
        multiple=True,
        callback=_runtimes,
        metavar="READER[+LOADER]",
        help=f"Runtime of the nodes: {', '.join(_RUNTIMES)}; or {', '.join(_READERS)} for all of theirs. "
        "Repeatable.  [default: all]",
    ),
    click.option(
        "--arch",
        type=click.Choice(list(NATIVE)),
        default="amd64",
        show_default=True,
        help="Architecture of the nodes, as in their label kubernetes.io/arch.",
    ),
    click.option(
        "--kernel",
        metavar="X.Y",
        default=".".join(map(str, _DEFAULT.kernel)),
        show_default=True,
        callback=_version,
        help="Version of the nodes' kernel.",
    ),
    click.option(
        "--libseccomp",
        metavar="X.Y.Z",
        default=".".join(map(str, _DEFAULT.libseccomp)),
        show_default=True,
        callback=_version,
        help="Version of libseccomp in the OCI runtime.",
    ),
    click.option(
        "--cap-add",
        metavar="NAME",
        multiple=True,
        callback=_names,
        help="Capability that the container adds to the runtime's default ones, or ALL. Repeatable.",
    ),
    click.option(
        "--cap-drop",
        metavar="NAME",
        multiple=True,
        callback=_names,
        help="Capability that the container drops, or ALL. Repeatable.",
    ),
    click.option(
        "--allow-privilege-escalation/--no-allow-privilege-escalation",
        default=True,
        show_default=True,
        help="What the container's securityContext says: decides how early the filter is loaded.",
    ),
)
