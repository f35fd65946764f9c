"""Which pods of a namespace are looked at when there are more than there is time for."""

from collections.abc import Sequence
from typing import Final

from webhook.policy.exemptions import Exemptions
from webhook.policy.pod import Pod

MOST_PODS: Final = 3000


class Choice:
    """The pods to look at: *most* of all that are shown, however many these are.

    One of each controller comes first, so that its replicas do not crowd out other pods.
    Source: Kubernetes documentation, "Pod Security Admission", section "Applying to namespaces".
    """

    def __init__(self, exemptions: Exemptions, most: int = MOST_PODS) -> None:
        self.shown = 0
        """How many pods have been shown that no exemption covers."""
        self._exemptions = exemptions
        self._most = most
        self._first: list[Pod] = []
        self._replicas: list[Pod] = []
        self._controllers: set[str] = set()

    def show(self, pod: Pod) -> None:
        """Take *pod*, or take it into account."""
        if self._exemptions.cover_runtime_class(pod.spec.runtime_class_name):
            return
        self.shown += 1
        if len(self._first) == self._most:
            return
        uid = _controller_uid(pod)
        if uid is None or uid not in self._controllers:
            self._first.append(pod)
            if uid is not None:
                self._controllers.add(uid)
            # The last replica has lost its place.
            del self._replicas[self._most - len(self._first) :]
        elif len(self._first) + len(self._replicas) < self._most:
            self._replicas.append(pod)

    @property
    def is_settled(self) -> bool:
        """Whether it is enough to know how many more pods there are."""
        return len(self._first) == self._most and not self._exemptions.runtime_classes

    @property
    def pods(self) -> Sequence[Pod]:
        """The pods to look at, those that matter most first."""
        return self._first + self._replicas


def _controller_uid(pod: Pod) -> str | None:
    owners = pod.metadata.owner_references or ()
    return next((each.uid or "" for each in owners if each.controller), None)
