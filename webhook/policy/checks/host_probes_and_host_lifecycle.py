"""A probe or lifecycle hook that names a host makes the kubelet call there, from the node's network."""

from collections.abc import Iterator

from webhook.policy.check import Check, Rule, Violation, since
from webhook.policy.core_v1 import Container, Handler
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

RULE = Rule(
    words="{named_containers_use} probe or lifecycle host{s} {values}",
    must="unset: the probe then goes to the pod itself",
)


def named_hosts(pod: Pod) -> Iterator[Violation]:
    """Every host that a probe or a lifecycle hook names."""
    for container, _ in pod.contexts:
        if probe := container.liveness_probe:
            yield from _hosts(container, ("livenessProbe",), probe)
        if probe := container.readiness_probe:
            yield from _hosts(container, ("readinessProbe",), probe)
        if probe := container.startup_probe:
            yield from _hosts(container, ("startupProbe",), probe)
        if lifecycle := container.lifecycle:
            if hook := lifecycle.post_start:
                yield from _hosts(container, ("lifecycle", "postStart"), hook)
            if hook := lifecycle.pre_stop:
                yield from _hosts(container, ("lifecycle", "preStop"), hook)


def _hosts(container: Container, place: tuple[str, ...], handler: Handler) -> Iterator[Violation]:
    if handler.http_get is not None and handler.http_get.host:
        yield Violation(RULE, container, (*place, "httpGet", "host"), handler.http_get.host)
    if handler.tcp_socket is not None and handler.tcp_socket.host:
        yield Violation(RULE, container, (*place, "tcpSocket", "host"), handler.tcp_socket.host)


CHECK = Check(
    id="hostProbesAndHostLifecycle",
    level=Level.BASELINE,
    reason="probe or lifecycle host",
    about=__doc__,
    fields={
        f"spec.containers[*].{place}.{action}.host": ("unset", '""')
        for place in (
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle.postStart",
            "lifecycle.preStop",
        )
        for action in ("httpGet", "tcpSocket")
    },
    rules=(RULE,),
    revisions=(since("v1.34", named_hosts),),
)
