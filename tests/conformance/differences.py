"""Where our answers differ from the reference library's, on purpose: everything else has to be equal."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

Answer = dict[str, Any]


def without_differences_of_words(answer: Answer) -> Answer:
    """An answer as it is compared, ours and theirs alike, after

    - the API server's own addition to a status, ``metadata``, which says nothing;
    - why an object cannot be decoded: Go's words for its types, against ours;
    - control characters in warnings and messages: the API server drops such a warning, so we escape them.
    """
    answer = deepcopy(answer)
    response = answer.get("response", {})
    if status := response.get("status"):
        status.pop("metadata", None)
        status["message"] = _escaped(status["message"])
    if "warnings" in response:
        response["warnings"] = list(map(_escaped, response["warnings"]))
    if "error" in response.get("auditAnnotations", {}):
        response["auditAnnotations"]["error"] = _without_cause(response["auditAnnotations"]["error"])
    return answer


def _escaped(text: str) -> str:
    return text.replace("\n", "\\n").replace("\t", "\\t")


def _without_cause(error: str) -> str:
    return re.sub("^(failed to (?:decode|extract)[^:]*): .*", r"\1", error, flags=re.DOTALL)


class Difference(NamedTuple):
    """A request in a namespace that enforces, audits and warns baseline, and what the two say of it.

    ``change`` makes the request out of one to create a good pod.
    """

    name: str
    why: str
    change: Callable[[dict[str, Any]], object]
    ours: str
    theirs: str


def _spec(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda request: request["object"]["spec"].update(fields)


def _object(written: object) -> Callable[[dict[str, Any]], object]:
    return lambda request: request.update(object=written)


def _deployment(template: object) -> Callable[[dict[str, Any]], object]:
    return lambda request: request.update(
        kind={"group": "apps", "version": "v1", "kind": "Deployment"},
        resource={"group": "apps", "version": "v1", "resource": "deployments"},
        object=template and {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": template}},
    )


_NEVER_SENT = "The API server decodes objects before it asks, and never sends this."
_NAMED_FIELD = f"{_NEVER_SENT} Whoever else does is told which field is wrong: 422, with the field as cause."

DIFFERENCES = (
    Difference(
        "a field that a control reads has a wrong type",
        _NAMED_FIELD,
        _spec(hostPID="yes"),
        ours='422 Pod "cart" is invalid: spec.hostPID: Expected `bool | null`, got `str`',
        theirs="400 failed to decode object",
    ),
    Difference(
        "the same in a controller",
        _NAMED_FIELD,
        _deployment({"spec": {"hostPID": "yes"}}),
        ours="200 error: failed to decode object: "
        "spec.template.spec.hostPID: Expected `bool | null`, got `str`",
        theirs="200 error: failed to decode object: json: cannot unmarshal string into Go struct field "
        "PodSpec.spec.template.spec.hostPID of type bool",
    ),
    Difference(
        "a field that no control reads has a wrong type",
        f"{_NEVER_SENT} Fields that decide nothing are not looked at.",
        _spec(hostname=1),
        ours="200 enforce-policy: baseline:latest",
        theirs="400 failed to decode object",
    ),
    Difference(
        "a list holds a null",
        f"{_NEVER_SENT} A file that holds one is pointed at rather than read as an empty container.",
        _spec(containers=[None]),
        ours='422 Pod "cart" is invalid: spec.containers[0]: Expected `object`, got `null`',
        theirs="200 enforce-policy: baseline:latest",
    ),
    Difference(
        "a kind that does not exist, of an API group that we know",
        f"{_NEVER_SENT} We know no other kinds than those that matter.",
        _object({"apiVersion": "apps/v1", "kind": "Pod"}),
        ours="400 failed to decode pod",
        theirs="400 failed to decode object",
    ),
    Difference(
        "a controller without an object",
        "The library crashes, which its webhook answers with HTTP status 500. Its pods will be checked.",
        _deployment(None),
        ours="200 error: failed to extract pod template: the request has no object",
        theirs="panic: runtime error: invalid memory address or nil pointer dereference",
    ),
    Difference(
        "a control character in a message",
        "The API server drops a warning that holds one; so that nobody misses it, it is escaped.",
        _spec(containers=[{"name": "a\nb", "securityContext": {"privileged": True}}]),
        ours='403 pods "cart" is forbidden: violates PodSecurity "baseline:latest": '
        'privileged (container "a\\nb" must not set securityContext.privileged=true)',
        theirs='403 pods "cart" is forbidden: violates PodSecurity "baseline:latest": '
        'privileged (container "a\nb" must not set securityContext.privileged=true)',
    ),
)


def case_of(difference: Difference) -> dict[str, Any]:
    """The request of *difference*, with the world that it comes to."""
    labels = {f"pod-security.kubernetes.io/{mode}": "baseline" for mode in ("enforce", "audit", "warn")}
    request: dict[str, Any] = {
        "uid": "u",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "name": "cart",
        "namespace": "shop",
        "operation": "CREATE",
        "object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}},
    }
    difference.change(request)
    return {"configuration": None, "namespaces": {"shop": {"labels": labels}}, "request": request}


def in_short(answer: Answer) -> str:
    """What an answer comes to, on one line."""
    if "response" not in answer:
        return str(answer["error"])
    response = answer["response"]
    if status := response.get("status"):
        return f"{status['code']} {status['message']}"
    return "200 " + ", ".join(f"{key}: {text}" for key, text in response.get("auditAnnotations", {}).items())
