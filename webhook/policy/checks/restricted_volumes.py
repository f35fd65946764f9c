"""Volumes may come only from the cluster's own objects, not from disks past its storage classes."""

from collections.abc import Iterator
from operator import attrgetter

import msgspec

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.checks.host_path_volumes import CHECK as BASELINE
from webhook.policy.core_v1 import Volume
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

ALLOWED = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
RULE = Rule(
    words="{volumes_use} restricted volume type{s} {values}", must=f"replaced by one of {', '.join(ALLOWED)}"
)

_SOURCES = {each.encode_name: each.name for each in msgspec.structs.fields(Volume) if each.name != "name"}
_allowed_sources = attrgetter(*(_SOURCES[name] for name in ALLOWED))
_NONE = (None,) * len(ALLOWED)
# In the order in which Volume lists them, which is the order in which the built-in plugin looks.
_OTHER_SOURCES = tuple((name, attribute) for name, attribute in _SOURCES.items() if name not in ALLOWED)


def other_volumes(pod: Pod) -> Iterator[Violation]:
    """Every volume without an allowed source; of several sources, one allowed is enough."""
    for volume in pod.spec.volumes or ():
        if not _has_allowed_source(volume):
            kind = _kind(volume)
            yield Violation(RULE, volume, () if kind == "unknown" else (kind,), kind)


def _has_allowed_source(volume: Volume) -> bool:
    return _allowed_sources(volume) != _NONE


def _kind(volume: Volume) -> str:
    return next(
        (name for name, attribute in _OTHER_SOURCES if getattr(volume, attribute) is not None), "unknown"
    )


CHECK = Check(
    id="restrictedVolumes",
    level=Level.RESTRICTED,
    reason="restricted volume types",
    about=__doc__,
    fields={"spec.volumes[*]": ALLOWED},
    rules=(RULE,),
    revisions=(since("v1.0", other_volumes),),
    overrides=(BASELINE.id,),
)
