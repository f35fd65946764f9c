"""What was decided about a request, and what there is to tell of it."""

from typing import Final, NamedTuple

from msgspec import Struct

from webhook.policy.labels import Policy
from webhook.policy.standard import Standard


class Cause(Struct, frozen=True, gc=False, omit_defaults=True):
    """One of the things that are wrong, as ``status.details.causes`` lists them."""

    message: str
    reason: str = ""
    field: str = ""


class Details(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a status is about."""

    name: str = ""
    group: str = ""
    kind: str = ""
    causes: tuple[Cause, ...] = ()


class Status(Struct, frozen=True, gc=False, omit_defaults=True, tag_field="status", tag="Failure"):
    """Why a request is denied. Source: Kubernetes API reference, ``meta/v1`` Status."""

    message: str
    reason: str
    code: int
    details: Details | None = None


class Evaluation(NamedTuple):
    """A standard that a pod was held to: ``decision`` is ``allow`` or ``deny``, ``mode`` as in the label."""

    decision: str
    standard: Standard
    mode: str


class Verdict(Struct, frozen=True):
    """The decision on a request, with everything that answer, log and metrics say of it.

    A request is allowed unless there is a ``status``. ``exempt`` is why it was not checked: ``user``,
    ``namespace`` or ``runtimeClass``. ``controls`` are the ids of those that failed in any mode.
    ``errors`` says of each error whether it is fatal: whether it kept the object from being evaluated.
    ``failure`` is a defect of ours that ended the evaluation. ``waived`` is what a request would have been
    denied for, where nothing is denied. ``patch`` is the JSON Patch that puts the defaults called ``mutated``
    into the object, or empty. ``exceptions`` are the names of those that let something pass.
    ``localhost_profiles`` are the controls of profiles of the node that failed, each with what followed,
    ``deny`` or ``warn``; or ``unknown`` where it could not be found out.
    """

    status: Status | None = None
    annotations: dict[str, str] | None = None
    warnings: tuple[str, ...] = ()
    exempt: str = ""
    policy: Policy | None = None
    controls: tuple[str, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    errors: tuple[bool, ...] = ()
    failure: Exception | None = None
    waived: Status | None = None
    patch: bytes = b""
    mutated: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    localhost_profiles: tuple[tuple[str, str], ...] = ()


ALLOWED: Final = Verdict()
