"""What inputs are made from: our own samples, of every kind of answer."""

import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from tests.admission.cases import CASES, body_of, request_of
from tests.admission.test_laws import REQUESTS, SOUND_POD
from tests.fuzz.mutations import stream
from tests.strategies.reviews import case

EXAMPLES = Path(__file__).parents[2] / "examples"
GENERATED = 200

CONTAINER = ("spec", "containers", 0)
CONTEXT = (*CONTAINER, "securityContext")
POD_CONTEXT = ("spec", "securityContext")
# What makes a sound pod unsound, something for each control: a yes is only a small mutation away.
FLAWS: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("spec", "hostNetwork"), True),
    (("spec", "hostPID"), True),
    (("spec", "volumes", 0), {"name": "data", "hostPath": {"path": "/"}}),
    (("spec", "volumes", 0), {"name": "data", "nfs": {"server": "x"}}),
    ((*CONTEXT, "privileged"), True),
    ((*CONTEXT, "allowPrivilegeEscalation"), True),
    ((*CONTEXT, "capabilities", "add"), ["SYS_ADMIN"]),
    ((*CONTEXT, "capabilities", "drop"), ["KILL"]),
    ((*CONTEXT, "seccompProfile", "type"), "Unconfined"),
    ((*CONTEXT, "runAsNonRoot"), False),
    ((*CONTEXT, "runAsUser"), 0),
    ((*CONTEXT, "procMount"), "Unmasked"),
    ((*CONTEXT, "seLinuxOptions"), {"type": "spc_t"}),
    ((*CONTEXT, "windowsOptions"), {"hostProcess": True}),
    ((*CONTEXT, "appArmorProfile"), {"type": "Unconfined"}),
    ((*CONTAINER, "ports", 0, "hostPort"), 80),
    ((*CONTAINER, "livenessProbe", "httpGet", "host"), "10.0.0.1"),
    ((*CONTAINER, "lifecycle"), {"preStop": {"tcpSocket": {"host": "10.0.0.1", "port": 1}}}),
    ((*POD_CONTEXT, "sysctls", 0, "name"), "kernel.msgmax"),
    ((*POD_CONTEXT, "runAsNonRoot"), False),
    (("metadata", "annotations"), {"container.apparmor.security.beta.kubernetes.io/app": "unconfined"}),
)


def reviews() -> list[bytes]:
    """Reviews: those of the cases and examples, pods with no flaw and with one, and some that are made up."""
    found = [body_of(request_of(each.get("request", {}))) for each in CASES]
    found += [body_of(each) for each in REQUESTS for _ in range(10)]
    found += [body_of(request_of({"object": pod})) for pod in flawed_pods() for _ in range(3)]
    found += [path.read_bytes() for path in sorted(EXAMPLES.glob("review-*.json"))]
    random = Random(5)  # noqa: S311 - the same samples every time
    found += [json.dumps({"request": case(random)["request"]}).encode() for _ in range(GENERATED)]
    return found


def flawed_pods() -> list[dict[str, Any]]:
    """Sound pods but for one flaw each."""
    pods = []
    for (*path, last), value in FLAWS:
        pod: Any = deepcopy(SOUND_POD)
        place = pod
        for step in path:
            place = place[step]
        place[last] = value
        pods.append(pod)
    return pods


def streams() -> list[bytes]:
    """What clients send on one connection: reviews, one or several."""
    random = Random(6)  # noqa: S311 - as above
    bodies = reviews()
    return [stream(random.choices(bodies, k=random.choice((1, 1, 2, 3))), random) for _ in bodies]
