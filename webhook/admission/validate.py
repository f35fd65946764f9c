"""The whole of admission as one function: the bytes of a review in, the bytes of its answer out."""

from collections.abc import Callable
from datetime import date

from msgspec import structs

from webhook.admission.answers import Answer, answer
from webhook.admission.audit_only import waived
from webhook.admission.cluster import Cluster, MustWait
from webhook.admission.controllers import passed_over, validate_controller
from webhook.admission.existing_pods import Clock
from webhook.admission.namespaces import validate_namespace
from webhook.admission.pods import validate_pod
from webhook.admission.refusals import internal_error
from webhook.admission.request import Request, decode_review
from webhook.admission.rules import Rules
from webhook.admission.verdict import Verdict
from webhook.config import Settings
from webhook.policy.quoting import go_quoted

POD = "pod"
CONTROLLER = "controller"
NAMESPACE = "namespace"


def review(  # noqa: PLR0913 - all that a review depends on comes in here
    body: bytes,
    *,
    settings: Settings,
    cluster: Cluster,
    clock: Callable[[], float],
    deadline: float | None = None,
    audit_only: bool = False,
    today: Callable[[], date] | None = None,
) -> Answer:
    """The answer to the AdmissionReview that *body* is, due at *deadline* on *clock*.

    If *audit_only*, nobody is denied: what would be is let in, and told. *today* is the day in UTC; where
    nobody tells it, no exception holds.

    Raises NotAReview, and MustWait where *cluster* does. Nothing else: an evaluation that fails denies pods
    and namespaces, and lets controllers pass, whose pods will come here too.
    """
    request = decode_review(body)
    about = _resource(request)
    try:
        verdict = _verdict(about, request, Rules(settings, today), cluster, Clock(clock, deadline))
    except MustWait:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with us, the answer is never a yes by accident
        verdict = _failed(about, request, error)
    return answer(request, waived(verdict) if audit_only else verdict, about)


def _resource(request: Request) -> str:
    if request.group == "" and request.resource == "pods":
        return POD
    if request.group == "" and request.resource == "namespaces":
        return NAMESPACE
    return CONTROLLER


def _verdict(about: str, request: Request, rules: Rules, cluster: Cluster, clock: Clock) -> Verdict:
    if about == POD:
        return validate_pod(request, rules, cluster, clock.deadline)
    if about == NAMESPACE:
        return validate_namespace(request, rules, cluster, clock)
    return validate_controller(request, rules, cluster, clock.deadline)


def _failed(about: str, request: Request, error: Exception) -> Verdict:
    said = f"evaluation failed; the webhook's log has the reason beside the uid {go_quoted(request.uid)}"
    verdict = passed_over(said) if about == CONTROLLER else internal_error(said)
    return structs.replace(verdict, failure=error)
