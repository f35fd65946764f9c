"""What a pod comes from: itself, what controls it, and what controls that, as far as a pod tells.

Every name here is written by whoever makes the object: none of them is a proof of anything.
Source: Kubernetes documentation, "Owners and Dependents"; the names are those that the controllers of
Deployments and CronJobs give.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from webhook.policy.core_v1 import Owner
from webhook.policy.pod import UNREADABLE, Pod

_HASH: Final = "pod-template-hash"
# A CronJob's job has its name and the minute of its turn, counted from 1970.
_JOB_OF_CRON: Final = re.compile(r"(.+)-[0-9]{8}")


class Origin(NamedTuple):
    """A workload by name: ``Origin("apps", "Deployment", "cart")``. The version says nothing."""

    group: str
    kind: str
    name: str


class _Metadata(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    name: str | None = None
    owner_references: tuple[Owner, ...] | None = None


class _Workload(msgspec.Struct, frozen=True, gc=False):
    metadata: _Metadata | None = None


_decoder = msgspec.json.Decoder(_Workload)


def decode_origins(document: bytes | msgspec.Raw, group: str, kind: str) -> tuple[Origin, ...]:
    """What pods of the workload in *document* will come from; nothing where that cannot be read."""
    try:
        return _origins_of(_decoder.decode(document), group, kind)
    except UNREADABLE:
        return ()


def origins_of_workload(manifest: Any, group: str, kind: str) -> tuple[Origin, ...]:  # noqa: ANN401 - a parser's result
    """As ``decode_origins``, from an already parsed manifest."""
    try:
        return _origins_of(msgspec.convert(manifest, _Workload), group, kind)
    except UNREADABLE:
        return ()


def _origins_of(workload: _Workload, group: str, kind: str) -> tuple[Origin, ...]:
    metadata = workload.metadata or _Metadata()
    return origins(Origin(group, kind, metadata.name or ""), metadata.owner_references or (), {})


def origins_of_pod(pod: Pod) -> tuple[Origin, ...]:
    """What *pod* comes from."""
    own = Origin("", "Pod", pod.metadata.name or "")
    return origins(own, pod.metadata.owner_references or (), pod.metadata.labels or {})


def origins(own: Origin, owners: tuple[Owner, ...], labels: Mapping[str, str | None]) -> tuple[Origin, ...]:
    """*own*, where it has a name, and what controls it.

    A pod names its ReplicaSet, not the Deployment: that one's name is what is left without the hash that
    the pod's own label repeats. It names the Job, not the CronJob.
    """
    return (*((own,) if own.name else ()), *_controllers(owners, labels))


def _controllers(owners: tuple[Owner, ...], labels: Mapping[str, str | None]) -> Iterator[Origin]:
    for owner in owners:
        if not owner.controller or not owner.name:
            continue
        group, kind = (owner.api_version or "").rpartition("/")[0], owner.kind or ""
        yield Origin(group, kind, owner.name)
        if (group, kind) == ("apps", "ReplicaSet"):
            rest = owner.name.removesuffix(f"-{labels.get(_HASH) or ''}")
            if rest and rest != owner.name and labels.get(_HASH):
                yield Origin("apps", "Deployment", rest)
        elif (group, kind) == ("batch", "Job") and (found := _JOB_OF_CRON.fullmatch(owner.name)):
            yield Origin("batch", "CronJob", found[1])
