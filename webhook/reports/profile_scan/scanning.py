"""Looking at workloads one by one, for the profiles of nodes that they name.

A workload is told of once, by the name of what a person made: of a Deployment, not of its ReplicaSets and
pods. A pod that names other profiles than the template it was made of has got them from somebody on the way;
then what is wrong with it is told under the same name.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

import msgspec

from webhook.nodes.asked import SECCOMP, asked
from webhook.nodes.inventory import Snapshot
from webhook.nodes.judgment import judge
from webhook.nodes.localhost_profiles import LocalhostProfiles
from webhook.nodes.words import detail
from webhook.policy.check import Finding
from webhook.policy.core_v1 import Container, PodObject
from webhook.policy.exemptions import Exemptions
from webhook.policy.origins import Origin
from webhook.policy.path import Path
from webhook.policy.pod import Pod
from webhook.policy.relief import Exceptions, relieved
from webhook.policy.relief import Subject as Excepted
from webhook.policy.standard import Level
from webhook.policy.workload import KINDS
from webhook.reports.profile_scan.scan import Place, ProfileScan, Scanned, Unused, Wrong
from webhook.reports.verdict import ObjectName

_VERSIONS: Final = {(each.group, each.kind): version for (version, _), each in KINDS.items()}
_Names = frozenset[tuple[str, str]]


class Question(NamedTuple):
    """What is asked of workloads, which are not asked at all, and what is let pass on the day of the scan.

    Without a day all exceptions have expired.
    """

    wanted: LocalhostProfiles
    exemptions: Exemptions = Exemptions()
    exceptions: Exceptions = Exceptions()
    today: date = date.max


class Subject(NamedTuple):
    """A workload: its own name and those of what controls it, the pod in it, and its namespace's level."""

    namespace: str
    kind: str
    origins: tuple[Origin, ...]
    pod: Pod
    level: Level


class Scanning:
    """What was found so far, where nodes are as in *snapshot* and *question* is asked of workloads."""

    def __init__(self, snapshot: Snapshot, question: Question) -> None:
        self._snapshot = snapshot
        self._question = question
        self._workloads = 0
        self._using = 0
        self._results: list[Scanned] = []
        self._used: set[str] = set()
        self._templates: dict[tuple[str, Origin], _Names] = {}
        self._judged: set[tuple[str, Origin, _Names]] = set()
        self._counted: set[tuple[str, Origin, _Names]] = set()

    def look(self, subject: Subject) -> None:
        """Take in a workload. Those that make pods come before the pods."""
        names: _Names = frozenset((each.kind, each.name) for each in asked(subject.pod))
        self._used.update(name for kind, name in names if kind == SECCOMP)
        if self._is_exempt(subject):
            return
        if subject.kind != "Pod":
            self._templates[subject.namespace, subject.origins[0]] = names
            if any((each.group, each.kind) in _VERSIONS for each in subject.origins[1:]):
                return
        elif self._is_told(subject, names):
            return
        alike = (subject.namespace, _made(subject), names)
        if alike not in self._counted:
            self._workloads += 1
            self._using += bool(names)
        if self._judge(subject, names):
            # It may be an exception for this pod alone: the next of its like is judged too, and not counted.
            self._counted.add(alike)
            self._judged.discard(alike)

    def done(self, errors: Iterable[str], *, is_whole: bool) -> ProfileScan:
        """All that was found; with *is_whole* nothing was left out, so that it is known what nobody uses."""
        where: dict[str, list[str]] = {}
        for _, holding in self._snapshot.holdings():
            for path, held in holding.files():
                where.setdefault(path, []).append(held.error)
        unused = tuple(
            Unused(path, len(found), next(filter(None, found), ""))
            for path, found in sorted(where.items())
            if path not in self._used
        )
        return ProfileScan(
            workloads=self._workloads,
            using=self._using,
            results=tuple(self._results),
            unused=unused if is_whole else None,
            nodes=sum(1 for _ in self._snapshot.nodes()),
            reported=sum(1 for _ in self._snapshot.holdings()),
            profiles=len(where),
            errors=tuple(errors),
        )

    def _is_exempt(self, subject: Subject) -> bool:
        exemptions = self._question.exemptions
        return exemptions.cover_namespace(subject.namespace) or exemptions.cover_runtime_class(
            subject.pod.spec.runtime_class_name
        )

    def _is_told(self, subject: Subject, names: _Names) -> bool:
        """Whether all that there is to say of a pod is said of what made it, or of another such pod."""
        for maker in reversed(subject.origins[1:]):
            if self._templates.get((subject.namespace, maker)) == names:
                return True
        alike = (subject.namespace, _made(subject), names)
        if alike in self._judged:
            return True
        self._judged.add(alike)
        return False

    def _judge(self, subject: Subject, names: _Names) -> bool:
        """Note what is wrong; whether exceptions let something pass."""
        # What is asked is where its like may run, not where this one happens to.
        pod = subject.pod
        if pod.spec.node_name:
            spec = msgspec.structs.replace(pod.spec, node_name=None)
            pod = Pod(PodObject(metadata=pod.metadata, spec=spec))
        question = self._question
        judgment = judge(pod, self._snapshot, question.wanted, subject.level)
        excepted = Excepted(pod, subject.namespace, lambda: subject.origins)
        findings, uses = relieved(judgment.findings, excepted, question.exceptions, question.today)
        if findings or judgment.doubts:
            root = _template(subject)
            self._results.append(
                Scanned(
                    _name(subject),
                    str(subject.level),
                    tuple(sorted(name for _, name in names)),
                    tuple(_wrong(each, pod, root) for each in findings),
                    judgment.doubts,
                )
            )
        return bool(uses)


def _made(subject: Subject) -> Origin:
    """What a person made: the last of those that control the subject. Nodes mirror pods, and make none."""
    made = [each for each in subject.origins if each.kind != "Node"]
    return made[-1] if made else Origin("", subject.kind, "")


def _name(subject: Subject) -> ObjectName:
    group, kind, name = _made(subject)
    return ObjectName(_VERSIONS.get((group, kind), group), kind, subject.namespace or None, name or None)


def _template(subject: Subject) -> Path:
    workload = next((each for each in KINDS.values() if each.kind == subject.kind), None)
    return workload.template if workload else ()


def _wrong(finding: Finding, pod: Pod, root: Path) -> Wrong:
    places = tuple(
        Place(root + each.path(pod), each.node.name if isinstance(each.node, Container) else None, each.value)
        for each in finding.violations
    )
    return Wrong(finding.check.id, detail(finding), places)
