"""Objects of kinds that a configuration adds: nothing but their pod templates is known."""

import re

from webhook.manifests import Document
from webhook.manifests.fields_shapes import FieldError
from webhook.policy.path import Path
from webhook.policy.pod import MalformedObject
from webhook.policy.workloads import Workloads
from webhook.reports.verdict import Problem


def problem_of(document: Document, error: MalformedObject) -> Problem:
    """*error* with the line of the field, as far as its place can be told."""
    return Problem(document.file, document.line_of(_steps(error.path)), str(error))


def unknown_version(api_version: str, kind: str, workloads: Workloads) -> FieldError | None:
    """What is wrong with an added kind in a version that is not configured: nobody judges it."""
    known = workloads.versions_of(api_version.rpartition("/")[0], kind)
    if not known or workloads.holds(api_version, kind):
        return None
    words = f"a {kind} of {api_version} is not judged: the configuration names {', '.join(known)}"
    return FieldError(("apiVersion",), words)


def _steps(path: str) -> Path:
    # "[...]" is a value of an object with free names: the decoder does not say which.
    told = path.partition("[...]")[0]
    return tuple([int(each) if each.isdecimal() else each for each in re.findall(r"[^.\[\]]+", told)])
