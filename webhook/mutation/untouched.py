"""Pods that no default is put into, whatever is in them."""

from typing import Final

from webhook.policy.pod import Pod

MIRROR: Final = "kubernetes.io/config.mirror"
_OS_LABELS: Final = ("kubernetes.io/os", "beta.kubernetes.io/os")


def why_untouched(pod: Pod) -> str:
    """Why nothing may be put into *pod*, in a few words, or the empty text.

    Source: Kubernetes documentation, "Admission Webhook Good Practices" (mirror pods), "Windows containers in
    Kubernetes" and "Create a Windows HostProcess Pod".
    """
    if MIRROR in pod.annotations:
        return "a mirror pod"
    if pod.is_windows or _is_bound_for_windows(pod):
        return "a Windows pod"
    if any(
        context.windows_options is not None and context.windows_options.host_process
        for _, context in pod.setters
    ):
        return "a host-process pod"
    return ""


def _is_bound_for_windows(pod: Pod) -> bool:
    """Whether a pod that names no system asks for a node that runs Windows."""
    wanted = pod.spec.node_selector
    if not wanted or (pod.spec.os is not None and pod.spec.os.name):
        return False
    return any(wanted.get(label) == "windows" for label in _OS_LABELS)
