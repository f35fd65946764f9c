"""New namespaces, user namespaces among them."""

from collections.abc import Iterator

from webhook.seccomp.call import Call
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, several
from webhook.seccomp.syscalls import number_of
from webhook.seccomp.verdict import verdict

_CALLS = ("setns", "unshare")
_CLONE_NEWUSER = 0x10000000


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments, and clone with a new user namespace."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")
        yield from _by_clone(sight)


def _by_clone(sight: Sight) -> Iterator[Found]:
    architecture = sight.target.architecture
    number = number_of("clone", architecture)
    if number is None or sight.loaded is None:
        return
    # On s390 the flags are the second argument. Source: clone(2).
    answer = verdict(sight.loaded, Call(architecture, number, (_CLONE_NEWUSER, _CLONE_NEWUSER, 0, 0, 0, 0)))
    if not answer.outcome.action.restricts:
        places = {fate.place.line: fate.place for fate in sight.fates("clone")}
        yield Found(places.get(answer.line or 0, DEFAULT_ACTION), "clone: open with CLONE_NEWUSER")


LINT = Lint(
    id="allows-namespaces",
    severity=Severity.WARNING,
    title="New namespaces can be made or entered.",
    why="A new user namespace needs no capability and gives all capabilities inside it: it opens the "
    "parts of the kernel where most local privilege escalations were found.",
    advice="Refuse unshare and setns, and allow clone only where no CLONE_NEW flag is set "
    "(SCMP_CMP_MASKED_EQ, 2114060288, valueTwo 0), unless the container builds containers or "
    "sandboxes of its own.",
    source="user_namespaces(7); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "unshare"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
