"""One document, judged as the API server would judge it: types first, then defaults, then the standard."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from webhook.manifests import Document
from webhook.manifests.defaults import with_defaults
from webhook.manifests.fields import type_errors
from webhook.manifests.fields_shapes import FieldError
from webhook.manifests.misnamed import misnamed
from webhook.policy.check import Finding
from webhook.policy.exemptions import Exemptions
from webhook.policy.origins import Origin, origins_of_pod, origins_of_workload
from webhook.policy.pod import MalformedObject, Pod
from webhook.policy.relief import Exceptions, Relieved, Subject, relieved
from webhook.policy.selection import Wanted, selection_in
from webhook.policy.standard import Standard
from webhook.policy.workload import KINDS, pod_of
from webhook.reports.judge import Manifest, exempted, judge
from webhook.reports.verdict import ObjectName, Problem, Source, Verdict

if TYPE_CHECKING:
    from webhook.config import Settings

# Where kubectl puts what names no namespace.
_DEFAULT_NAMESPACE: Final = "default"


class Question(NamedTuple):
    """What is asked of every object."""

    standard: Standard
    exemptions: Exemptions = Exemptions()
    exceptions: Exceptions = Exceptions()
    today: date = date.max
    only: frozenset[str] | None = None
    wanted: tuple[Wanted, ...] = ()

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
    key = api_version, kind = written["apiVersion"], written["kind"]
    workload = KINDS.get(key)
    if workload is None:
        error = misnamed(api_version, kind)
        return Examined(problems=(_problem(document, error),) if error else ())
    problems = tuple([_problem(document, error) for error in type_errors(written, api_version, kind)])
    completed, filled = with_defaults(written, api_version, kind)
    try:
        pod = pod_of(api_version, kind, completed)
    except MalformedObject as error:
        return Examined(problems=problems or (Problem(document.file, document.line, str(error)),))
    if pod is None:
        return Examined(problems=problems)
    manifest = Manifest(
        completed,
        frozenset(filled),
        name=_name(api_version, kind, written.get("metadata") or {}),
        source=Source(document.file, document.document, document.line),
        template=workload.template,
        line_of=document.line_of,
    )
    exemption = _exemption(manifest.name, pod, question.exemptions)
    if exemption is not None:
        return Examined(exempted(manifest, pod, question.standard, exemption), problems)
    subject = _subject(written, pod)
    relieve = partial(question.relieved, subject=subject)
    selection = selection_in(subject.namespace, question.only, question.wanted)
    return Examined(judge(manifest, pod, question.standard, relieve, selection), problems)


def subject_of(document: Document) -> Subject | None:
    """The pod in *document* as exceptions see it, if there is one. Raises MalformedObject."""
    written = document.object
    api_version, kind = written["apiVersion"], written["kind"]
    if (api_version, kind) not in KINDS:
        return None
    pod = pod_of(api_version, kind, with_defaults(written, api_version, kind).manifest)
    return None if pod is None else _subject(written, pod)


def _subject(written: Mapping[str, Any], pod: Pod) -> Subject:
    namespace = (written.get("metadata") or {}).get("namespace") or _DEFAULT_NAMESPACE
    return Subject(pod, namespace, partial(_origins, written, pod))


def _origins(written: Mapping[str, Any], pod: Pod) -> tuple[Origin, ...]:
    """What the pod comes from, or will come from where it is in a template."""
    workload = KINDS[written["apiVersion"], written["kind"]]
    if not workload.template:
        return origins_of_pod(pod)
    return origins_of_workload(written, workload.group, workload.kind)


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
