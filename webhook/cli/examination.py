"""One document, judged as the API server would judge it: types first, then defaults, then the standard."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from webhook.cli.custom import problem_of, unknown_version
from webhook.manifests import Document
from webhook.manifests.defaults import Defaulted, with_defaults
from webhook.manifests.fields import type_errors
from webhook.manifests.fields_shapes import FieldError
from webhook.manifests.misnamed import misnamed
from webhook.policy.check import Finding
from webhook.policy.exemptions import Exemptions
from webhook.policy.origins import Origin, origins_of_pod, origins_of_workload
from webhook.policy.path import Path
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.relief import Exceptions, Relieved, Subject, relieved
from webhook.policy.selection import Wanted, selection_in
from webhook.policy.standard import Standard
from webhook.policy.workloads import BUILT_IN, Placed, Workloads
from webhook.reports.judge import Manifest, exempted
from webhook.reports.node_profiles import with_profiles
from webhook.reports.several import Part, judge_all
from webhook.reports.verdict import ObjectName, Problem, Source, Verdict

if TYPE_CHECKING:
    from webhook.config import Settings

# Where kubectl puts what names no namespace.
_DEFAULT_NAMESPACE: Final = "default"


class Question(NamedTuple):
    """What is asked of every object.

    ``of_nodes`` finds what is wrong with the profiles of the node that a pod in a namespace uses.
    """

    standard: Standard
    exemptions: Exemptions = Exemptions()
    exceptions: Exceptions = Exceptions()
    today: date = date.max
    only: frozenset[str] | None = None
    wanted: tuple[Wanted, ...] = ()
    workloads: Workloads = BUILT_IN
    of_nodes: Callable[[Pod, str], tuple[Finding, ...]] | None = None

    @classmethod
    def of(cls, standard: Standard, settings: "Settings", today: date) -> Self:
        """What *settings* ask beside *standard*."""
        return cls(
            standard,
            settings.exemptions,
            settings.exceptions,
            today,
            settings.only,
            settings.wanted,
            settings.workloads,
        )

    def relieved(self, findings: tuple[Finding, ...], subject: Subject) -> Relieved:
        """What is left of *findings* after exceptions."""
        return relieved(findings, subject, self.exceptions, self.today)


class Examined(NamedTuple):
    """What there is to say of a document: of an object without a pod, nothing.

    A pod can have problems and a verdict: one that Kubernetes would not accept for a field that no control
    reads.
    """

    verdict: Verdict | None = None
    problems: tuple[Problem, ...] = ()


def examine(document: Document, question: Question) -> Examined:
    """The verdict about the object in *document*, or what keeps it from being judged."""
    try:
        return _examine(document, question)
    except Exception as error:  # noqa: BLE001 - a bug that one document meets must not hide the others
        sentence = f"internal error, please report it: {type(error).__name__}: {error}"
        return Examined(problems=(Problem(document.file, document.line, sentence),))


def _examine(document: Document, question: Question) -> Examined:
    written = document.object
    api_version, kind = written["apiVersion"], written["kind"]
    workloads = question.workloads
    if not workloads.holds(api_version, kind):
        error = misnamed(api_version, kind) or unknown_version(api_version, kind, workloads)
        return Examined(problems=(_problem(document, error),) if error else ())
    problems: tuple[Problem, ...] = ()
    if not workloads.is_custom(api_version, kind):
        problems = tuple([_problem(document, error) for error in type_errors(written, api_version, kind)])
    completed, filled = _completed(written, workloads)
    try:
        pods = workloads.pods_of(api_version, kind, completed)
    except MalformedObject as error:
        return Examined(problems=problems or (problem_of(document, error),))
    manifest = Manifest(
        completed,
        frozenset(filled),
        name=_name(api_version, kind, written.get("metadata") or {}),
        source=Source(document.file, document.document, document.line),
        template=(),
        line_of=document.line_of,
    )
    return Examined(_verdict(manifest, pods, question), problems)


def _verdict(manifest: Manifest, pods: Sequence[Placed], question: Question) -> Verdict | None:
    """The verdict about the *pods* of an object; those of an exempt runtime class are passed over."""
    parts = []
    exempt = None
    for place, pod in pods:
        at_place = manifest._replace(template=place)
        exemption = _exemption(manifest.name, pod, question.exemptions)
        if exemption is None:
            subject = _subject(manifest.completed, place, pod)
            parts.append(Part(at_place, pod, partial(question.relieved, subject=subject)))
        elif exempt is None:
            exempt = exempted(at_place, pod, question.standard, exemption)
    if not parts:
        return exempt
    namespace = manifest.name.namespace or _DEFAULT_NAMESPACE
    selection = selection_in(namespace, question.only, question.wanted)
    verdict = judge_all(parts, question.standard, selection)
    if question.of_nodes is None:
        return verdict
    found = [each.relieve(question.of_nodes(each.pod, namespace)) for each in parts]
    return with_profiles(verdict, list(zip(parts, found, strict=True)))


def _completed(written: Any, workloads: Workloads) -> Defaulted:  # noqa: ANN401 - a parser's result
    """*written* with what the API server fills in: in templates of kinds that are not its own, nothing."""
    api_version, kind = written["apiVersion"], written["kind"]
    if workloads.is_custom(api_version, kind):
        return Defaulted(written, ())
    return with_defaults(written, api_version, kind)


def subjects_of(document: Document, workloads: Workloads) -> Iterator[Subject]:
    """The pods in *document* as exceptions see them. Raises MalformedObject."""
    written = document.object
    api_version, kind = written["apiVersion"], written["kind"]
    if workloads.holds(api_version, kind):
        for place, pod in workloads.pods_of(api_version, kind, _completed(written, workloads).manifest):
            yield _subject(written, place, pod)


def _subject(written: Mapping[str, Any], place: Path, pod: Pod) -> Subject:
    namespace = (written.get("metadata") or {}).get("namespace") or _DEFAULT_NAMESPACE
    return Subject(pod, namespace, partial(_origins, written, place, pod))


def _origins(written: Mapping[str, Any], place: Path, pod: Pod) -> tuple[Origin, ...]:
    """What the pod comes from, or will come from where it is in a template."""
    if not place:
        return origins_of_pod(pod)
    group = written["apiVersion"].rpartition("/")[0]
    return origins_of_workload(written, group, written["kind"])


def _problem(document: Document, error: FieldError) -> Problem:
    return Problem(document.file, document.line_of(error.path), str(error))


def _name(api_version: str, kind: str, metadata: Mapping[str, Any]) -> ObjectName:
    name = metadata.get("name") or metadata.get("generateName")
    return ObjectName(api_version, kind, metadata.get("namespace") or None, name or None)


def _exemption(name: ObjectName, pod: Pod, exemptions: Exemptions) -> str | None:
    """What exempts the object, as in ``namespace "kube-system"``."""
    namespace = name.namespace or _DEFAULT_NAMESPACE
    if exemptions.cover_namespace(namespace):
        return f'namespace "{namespace}"'
    runtime_class = pod.spec.runtime_class_name
    if exemptions.cover_runtime_class(runtime_class):
        return f'runtime class "{runtime_class}"'
    return None
