"""Profiles at random, near to the default ones: what a rule adds or takes away is seen."""

from random import Random

from webhook.seccomp.profile import Argument, Place, Profile, Rule
from webhook.seccomp.target import CONTAINERD_CRUN, CONTAINERD_RUNC, CRIO_RUNC, Target

# Each exists on all three architectures: where one is missing, libseccomp can lose the others.
CALLS = ("read", "socket", "clone", "clone3", "personality", "mount", "chmod", "unshare", "statx", "bpf")
OPERATORS = ("EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ", "MASKED_EQ")
VALUES = (0, 1, 8, 38, 40, 41, 0x20000, 0x10000000, 0x7E020000, 0xFFFFFFFF, 1 << 32, (1 << 32) + 40)
ARCHITECTURES = ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32")


def target(random: Random) -> Target:
    runtime = random.choice((CONTAINERD_RUNC, CONTAINERD_CRUN, CRIO_RUNC))
    usual = Target(runtime)
    added = random.choice(((), ("CAP_SYS_ADMIN",), ("CAP_BPF", "CAP_SYS_CHROOT")))
    return usual._replace(capabilities=usual.capabilities.union(added))


def argument(random: Random, number: int) -> Argument:
    op = random.choice(OPERATORS)
    value, value_two = random.choice(VALUES), 0
    if op == "MASKED_EQ":
        value_two = random.choice(VALUES) & value
    return Argument(number, value, value_two, f"SCMP_CMP_{op}", Place(1, ""))


def rule(random: Random, line: int, action: str) -> Rule:
    numbers = random.sample(range(3), random.choice((0, 0, 1, 1, 2)))
    names = tuple(random.sample(CALLS, random.choice((1, 1, 2, 3))))
    arguments = tuple(argument(random, number) for number in numbers)
    errno = random.choice((None, 1, 38)) if action == "SCMP_ACT_ERRNO" else None
    return Rule(names, action, errno, arguments, Place(line, f"syscalls[{line}]"))


def profile(random: Random) -> Profile:
    """A list of what is allowed, with some refusals in it, or of what is refused."""
    default = random.choice(("SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ALLOW"))
    usual = "SCMP_ACT_ERRNO" if default == "SCMP_ACT_ALLOW" else "SCMP_ACT_ALLOW"
    others = ("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "SCMP_ACT_KILL_PROCESS")
    rules = tuple(
        rule(random, line, random.choice((usual, usual, *others))) for line in range(2, random.randint(3, 9))
    )
    return Profile(default, None, ARCHITECTURES[: random.choice((1, 3, 3))], rules=rules)
