"""Objects that are nearly a workload: nobody judges their pods, and silence would look like consent."""

from functools import lru_cache
from typing import Final

from webhook.manifests.fields_shapes import FieldError
from webhook.policy.workload import KINDS

# The groups in which workloads are, or once were; kinds of any other group are somebody else's.
_GROUPS: Final = frozenset({"", "apps", "batch", "extensions"})
_API_VERSIONS: Final = {kind: api_version for api_version, kind in KINDS}
_KINDS: Final = {kind.casefold(): kind for kind in _API_VERSIONS}
# What is mostly found there besides: it need not wait until names are compared.
_OTHER_KINDS: Final = frozenset(
    {
        "ConfigMap", "ControllerRevision", "Endpoints", "Event", "Ingress", "LimitRange", "Namespace", "Node",
        "PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "Secret", "Service", "ServiceAccount",
    }
)  # fmt: skip
# Above that of other kinds which share a part of their name, such as OpenShift's Template in v1.
_LIKENESS: Final = 0.85
_LONGEST: Final = 40


@lru_cache(maxsize=1024)
def misnamed(api_version: str, kind: str) -> FieldError | None:
    """What is wrong with the names of an object that is no workload, but was probably meant to be one."""
    group, _, _ = api_version.rpartition("/")
    if group not in _GROUPS or kind in _OTHER_KINDS or (api_version, kind) in KINDS:
        return None
    if kind in _API_VERSIONS:
        right = _API_VERSIONS[kind]
        return FieldError(("apiVersion",), f"a {kind} of {api_version} is not judged: write {right}")
    if len(kind) > _LONGEST:
        return None
    import difflib  # noqa: PLC0415 - only rare names wait for this import

    near = difflib.get_close_matches(kind.casefold(), _KINDS, n=1, cutoff=_LIKENESS)
    return FieldError(("kind",), f'unknown kind: did you mean "{_KINDS[near[0]]}"?') if near else None
