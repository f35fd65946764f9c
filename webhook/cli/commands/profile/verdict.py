"""``profile verdict``: what becomes of one system call."""

import re
from typing import Any, Final, NoReturn

import click

from webhook.cli.output import Output, output_option_of
from webhook.cli.profile_reports import by_answer, one_document, write_reports
from webhook.cli.tally import CONFORMS, VIOLATES
from webhook.cli.targets import target_options, targets_of
from webhook.policy.nearest import did_you_mean
from webhook.reports.printable import printable
from webhook.reports.profiles.answered import Answered, answered_json, answered_text
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.call import Call, Verdict
from webhook.seccomp.document import Document
from webhook.seccomp.load import load
from webhook.seccomp.loaded import NotStarted, Unjudged
from webhook.seccomp.profile import Unreadable
from webhook.seccomp.syscalls import names, number_of
from webhook.seccomp.target import Target
from webhook.seccomp.verdict import verdict

FORMATS: Final = ("json", "text")
_MOST: Final = 6
_WORD: Final = 1 << 64
_EXAMPLES: Final = """\b
Examples:
  seccomp-webhook profile verdict cart.json mount
  seccomp-webhook profile verdict --runtime containerd+runc cart.json socket 0x100000028 1 0
  seccomp-webhook profile verdict cart.json getpid@x86
"""


@click.command(
    epilog=_EXAMPLES,
    short_help="Say what becomes of one system call.",
    context_settings={"ignore_unknown_options": True},  # a number may begin with a minus
)
@click.argument("file", metavar="FILE")
@click.argument("call", metavar="CALL")
@click.argument("arguments", nargs=-1, metavar="[ARGUMENT]...")
@target_options
@output_option_of(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    file: str,
    call: str,
    arguments: tuple[str, ...],
    outputs: tuple[Output, ...],
    **options: Any,  # noqa: ANN401 - those of target_options, of several types
) -> int:
    """Say what becomes of a system call under a profile, and which line decides.

    FILE is a profile, or - for standard input. CALL is a name or a number, with @x86, @x32 or @arm for one of
    another architecture of the machine. ARGUMENT are up to six numbers, decimal or hexadecimal, as the kernel
    gets them: 64 bits each, -1 being all of them. What is left out is 0.

    The exit status is 0 where there is an answer, 1 where the container does not start, 2 for wrong use.
    """
    targets = targets_of(options)
    asked = _call(call, arguments, targets[0].architecture, context)
    document = one_document(file, targets)
    answered = Answered(
        file, asked, tuple(by_answer(targets, lambda target: _answer(document, target, asked)))
    )
    runtimes = tuple(target.runtime for target in targets)
    reports = {
        "json": lambda _: answered_json(answered),
        "text": lambda _: answered_text(answered, runtimes, targets[0].architecture),
    }
    write_reports(outputs, context.find_root().info_name or "", reports)
    return CONFORMS if all(isinstance(answer, Verdict) for _, answer in answered.answers) else VIOLATES


def _answer(document: Document, target: Target, call: Call) -> Verdict | NotStarted:
    try:
        return verdict(load(document.read_by(target), target), call)
    except NotStarted as refused:
        return refused
    except Unreadable as unreadable:
        return NotStarted(unreadable.problem, unreadable.place)
    except Unjudged as unjudged:
        raise click.ClickException(str(unjudged)) from unjudged


def _call(text: str, arguments: tuple[str, ...], native: str, context: click.Context) -> Call:
    name, _, plain = text.partition("@")
    architecture = f"SCMP_ARCH_{plain.upper()}" if plain else native
    if architecture not in ARCHITECTURES:
        known = [each.plain for each in ARCHITECTURES.values()]
        _fail(f'No architecture "{printable(plain)}"{did_you_mean(plain, known)}', context)
    number = int(name) if re.fullmatch(r"\d{1,10}", name) else number_of(name, architecture)
    if number is None or number >= 1 << 32:
        shown = ARCHITECTURES[architecture].plain
        _fail(f'{shown} has no call "{printable(name)}"{did_you_mean(name, names(architecture))}', context)
    if len(arguments) > _MOST:
        _fail(f"A call has at most {_MOST} arguments.", context)
    one, two, three, four, five, six = (
        *(_number(each, context) for each in arguments),
        *[0] * (_MOST - len(arguments)),
    )
    return Call(architecture, number, (one, two, three, four, five, six))


def _number(text: str, context: click.Context) -> int:
    if not re.fullmatch(r"-?(0x[0-9a-fA-F]{1,16}|\d{1,20})", text):
        _fail(f'"{printable(text)}" is no number such as 40 or 0x28.', context)
    number = int(text, 0) if "x" in text else int(text)
    if not -_WORD // 2 <= number < _WORD:
        _fail(f"{text} is more than 64 bits hold.", context)
    return number % _WORD


def _fail(problem: str, context: click.Context) -> NoReturn:
    context.fail(problem)
