"""A deny rule with `equal` or `less` on an int: high bits get around it."""

from collections.abc import Iterator

from webhook.seccomp.conditions import LOWER_HALF
from webhook.seccomp.int_arguments import calls_with_int
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Argument
from webhook.seccomp.sight import Sight, outcome_of


def look(sight: Sight) -> Iterator[Found]:
    """Every condition of a deny rule that a value of more than 32 bits does not meet, on an int."""
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is None or not outcome.action.restricts:
            continue
        for argument in filter(_is_evaded, rule.arguments):
            for name in calls_with_int(rule.names, argument.number):
                if sight.openings(name) and any(fate.place == rule.place for fate in sight.fates(name)):
                    evading = 1 << 32 | argument.value & LOWER_HALF
                    yield Found(
                        argument.place,
                        f"{name} reads 32 bits of argument {argument.number}, the filter compares 64: "
                        f"{evading:#x} is not refused and means {evading & LOWER_HALF}",
                    )


def _is_evaded(argument: Argument) -> bool:
    if argument.op == "SCMP_CMP_MASKED_EQ":
        return argument.value > LOWER_HALF
    return argument.op in {"SCMP_CMP_EQ", "SCMP_CMP_LT", "SCMP_CMP_LE"} and argument.value <= LOWER_HALF


LINT = Lint(
    id="high-bits-denied",
    severity=Severity.ERROR,
    title="A deny rule with EQ, LT or LE on a 32-bit argument is evaded with a high bit.",
    why="The filter compares 64 bits, the kernel then reads an int. A program sets bit 32, the rule does "
    "not hold, and the kernel does what was to be denied.",
    advice="Use SCMP_CMP_MASKED_EQ: `value` 4294967295 as the mask, `valueTwo` the number to deny.",
    source="seccomp(2), struct seccomp_data; measured on Linux 6.18",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 4294967295, "valueTwo": 38, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
