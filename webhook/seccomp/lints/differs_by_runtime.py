"""A call that one runtime lets through and another refuses."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.architectures import ARCHITECTURES
from webhook.seccomp.comparison import Change, compare
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.loaded import Loaded
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """What this runtime opens or closes beside the first of those asked about that starts the container."""
    first = next((peer for peer in sight.peers if peer.loaded is not None), sight)
    if sight.loaded is None or first.loaded is None or _is_like(sight.loaded, first.loaded):
        return
    changes: dict[Change, dict[str, None]] = {Change.OPENS: {}, Change.CLOSES: {}}
    native = sight.target.architecture
    differences = compare(first.loaded, sight.loaded).differences
    for each in sorted(differences, key=lambda each: each.example.architecture != native):
        if each.change in changes:
            architecture = each.example.architecture
            at = "" if architecture == native else f"@{ARCHITECTURES[architecture].plain}"
            changes[each.change][f"{each.name or 'calls of newer kernels'}{at}"] = None
    for change, names in changes.items():
        if names:
            does = "reaches the kernel" if change is Change.OPENS else "is refused"
            yield Found(
                DEFAULT_ACTION,
                f"{does} here, and not on {first.target.runtime}: {several(names)}",
            )


def _is_like(one: Loaded, other: Loaded) -> bool:
    """Whether the two need not be compared call by call."""
    return (one.default, one.filters, one.is_filter, _stub(one)) == (
        other.default, other.filters, other.is_filter, _stub(other),
    )  # fmt: skip


def _stub(loaded: Loaded) -> object:
    """The stub, where it may close something; ENOSYS or another refusal makes no difference here."""
    if loaded.default.action in {Action.ALLOW, Action.LOG}:
        return loaded.enosys_above, loaded.enosys_numbers
    return None


LINT = Lint(
    id="differs-by-runtime",
    severity=Severity.WARNING,
    title="The same file lets other calls through on another runtime.",
    why="Readers drop what they do not know, and loaders treat the rest differently. Moved to nodes with "
    "another runtime, the profile becomes weaker or breaks the program, and nothing tells.",
    advice="Convert the profile to the plain OCI form, which all runtimes read alike: `profile convert --to "
    "oci`.",
    source="containerd, CRI-O and moby, the readers of profiles; measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={
        "containerd": "the one that the others are compared with, where it is asked about and starts"
    },
)
