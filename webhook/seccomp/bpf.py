"""Programs of classic BPF as seccomp takes them, and what one answers to a call.

Source: kernel, ``Documentation/networking/filter.rst`` for the machine, net/core/filter.c
(``seccomp_check_filter``) for what of it seccomp accepts; seccomp(2) for what a program is given and returns.
"""

import struct
from typing import Final, NamedTuple

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.call import Call

MOST_INSTRUCTIONS: Final = 4096
"""A longer program is refused by the kernel (BPF_MAXINSNS)."""

_WORD: Final = 0xFFFFFFFF
_ACTIONS: Final = {
    0x80000000: Action.KILL_PROCESS,
    0x00000000: Action.KILL_THREAD,
    0x00030000: Action.TRAP,
    0x00050000: Action.ERRNO,
    0x7FC00000: Action.NOTIFY,
    0x7FF00000: Action.TRACE,
    0x7FFC0000: Action.LOG,
    0x7FFF0000: Action.ALLOW,
}
_WITH_DATA: Final = frozenset({Action.ERRNO, Action.TRACE})
CODES: Final = {action: code for code, action in _ACTIONS.items()}
"""What a program returns for an action, before its data is added."""

_LOAD: Final = 0x20
_AND: Final = 0x54
_JUMP: Final = 0x05
_EQUAL: Final = 0x15
_GREATER: Final = 0x25
_GREATER_OR_EQUAL: Final = 0x35
_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06


class Instruction(NamedTuple):
    """One instruction, as struct sock_filter has it."""

    code: int
    if_true: int
    if_false: int
    value: int


Program = tuple[Instruction, ...]


class Unknown(ValueError):
    """The program holds an instruction that no filter of libseccomp or runc has."""


def program_of(data: bytes) -> Program:
    """The program that ``seccomp_export_bpf`` wrote on a little-endian machine."""
    return tuple(Instruction(*fields) for fields in struct.iter_unpack("<HBBI", data))


def run(program: Program, call: Call) -> Outcome:
    """What the kernel makes of *call* under *program*. Raises Unknown."""
    words = _words(call)
    accumulator = at = 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        if code == _LOAD:
            accumulator = words[value // 4]
        elif code == _EQUAL:
            at += if_true if accumulator == value else if_false
        elif code == _GREATER:
            at += if_true if accumulator > value else if_false
        elif code == _GREATER_OR_EQUAL:
            at += if_true if accumulator >= value else if_false
        elif code == _ANY_BIT:
            at += if_true if accumulator & value else if_false
        elif code == _AND:
            accumulator &= value
        elif code == _JUMP:
            at += value
        elif code == _RETURN:
            return outcome_of(value)
        else:
            raise Unknown(f"instruction {at - 1} has the code {code:#x}")


def outcome_of(returned: int) -> Outcome:
    """The outcome that a return value stands for; what the kernel does not know kills the process."""
    action = _ACTIONS.get(returned & 0xFFFF0000, Action.KILL_PROCESS)
    return Outcome(action, returned & 0xFFFF if action in _WITH_DATA else 0)


def _words(call: Call) -> tuple[int, ...]:
    """What the kernel shows of a call, struct seccomp_data, in words of 32 bits."""
    architecture = ARCHITECTURES[call.architecture]
    halves: list[int] = []
    for argument in call.arguments:
        pair = (argument & _WORD, argument >> 32)
        halves += reversed(pair) if architecture.big_endian else pair
    return (call.number, architecture.audit, 0, 0, *halves)
