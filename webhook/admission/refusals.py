"""What requests are refused with, in the API server's own words.

Source: the errors of Kubernetes' API machinery, as Pod Security admission uses them.
"""

from collections.abc import Sequence

from webhook.admission.request import Request
from webhook.admission.verdict import Cause, Details, Status, Verdict
from webhook.policy.field_error import FieldError, aggregated
from webhook.policy.pod import MalformedObject
from webhook.policy.quoting import go_quoted

# Kubernetes' type of cause for a field whose type is wrong, rather than its value.
_WRONG_TYPE = "FieldValueTypeInvalid"


def forbidden(request: Request, why: str) -> Status:
    """The pod, or the one in a template, breaks the policy."""
    resource = f"{request.resource}.{request.group}" if request.group else request.resource
    subject = f"{resource} {go_quoted(request.name)}" if request.name else resource
    details = Details(name=request.name, group=request.group, kind=request.resource)
    return Status(f"{subject} is forbidden: {why}", "Forbidden", 403, details)


def invalid(request: Request, errors: Sequence[FieldError]) -> Status:
    """Fields hold values that Kubernetes does not know."""
    causes = tuple(Cause(message=each.body, reason=each.type, field=each.field) for each in errors)
    return _invalid(request, aggregated(errors), causes)


def malformed(request: Request, error: MalformedObject) -> Verdict:
    """An object has a field of a type that Kubernetes would not accept."""
    cause = Cause(message=error.problem, reason=_WRONG_TYPE, field=error.path)
    return _refused(_invalid(request, str(error), (cause,)), f"failed to decode object: {error}")


def undecodable(what: str, cause: str = "") -> Verdict:
    """There is no object of the right kind."""
    status = Status(f"failed to decode {what}", "BadRequest", 400)
    return _refused(status, f"{status.message}: {cause}" if cause else status.message)


def internal_error(what: str, cause: str = "") -> Verdict:
    """The request cannot be judged, through no fault of its own."""
    said = f"Internal error occurred: {what}"
    status = Status(said, "InternalError", 500, Details(causes=(Cause(message=what),)))
    return _refused(status, f"{said}: {cause}" if cause else said)


def _refused(status: Status, error: str) -> Verdict:
    return Verdict(status=status, annotations={"error": error}, errors=(True,))


def _invalid(request: Request, errors: str, causes: tuple[Cause, ...]) -> Status:
    kind = request.kind
    details = Details(name=request.name, group=kind.group, kind=kind.kind, causes=causes)
    message = f"{kind.qualified} {go_quoted(request.name)} is invalid: {errors}"
    return Status(message, "Invalid", 422, details)
