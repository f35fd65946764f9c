"""Requests one after the other, each of which may be about what an earlier one made."""

from random import Random
from typing import Final

from tests.e2e.api import Manifest
from tests.e2e.twin.objects import controller, namespace, namespace_with, pod, some_labels
from tests.e2e.twin.request import (
    Request,
    add_ephemeral_container,
    create,
    patch,
    post,
    remove,
    replace,
)
from tests.e2e.twin.vocabulary import Vocabulary, merged
from tests.e2e.twin.world import CROWDS
from tests.strategies.pods import good_container

_USERS: Final = ("",) * 12 + ("alice", "system:exempt")


class Story:
    """An endless story, the same for the same seed, as long as it is told the same outcomes."""

    def __init__(self, random: Random, words: Vocabulary, namespaces: list[str]) -> None:
        self._random = random
        self._words = words
        self._namespaces = namespaces
        self._pods: list[Manifest] = []
        self._controllers: list[Manifest] = []
        self._own: list[Manifest] = []
        self._number = 0
        self._kinds = (
            *(self._new_pod,) * 8,
            *(self._new_controller,) * 6,
            *(self._new_namespace,) * 2,
            *(self._crowd_gets_a_policy,) * 3,
            self._namespace_changes,
            *(self._pod_changes,) * 4,
            *(self._controller_changes,) * 2,
        )

    def next(self) -> Request:
        """The next request."""
        random = self._random
        request = random.choice(self._kinds)()
        if request.method == "POST" and request.path.count("/") < 6 and random.random() < 0.1:
            request = request._replace(dry_run=True)
        return request._replace(user=random.choice(_USERS))

    def happened(self, request: Request, code: int) -> None:
        """Say what came of the last request."""
        if code != 201 or request.dry_run or "generateName" in request.about["metadata"]:
            return
        kind = request.about["kind"]
        if request.body is request.about:
            known = {"Pod": self._pods, "Namespace": self._own}.get(kind, self._controllers)
            known.append(request.about)

    def _name(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}-{self._number}"

    def _new_pod(self) -> Request:
        random = self._random
        place = "nowhere" if random.random() < 0.01 else random.choice(self._namespaces)
        manifest = pod(random, self._words, self._name("pod"), place)
        if random.random() < 0.05:
            del manifest["metadata"]["name"]
            manifest["metadata"]["generateName"] = "generated-"
        return create(manifest)

    def _new_controller(self) -> Request:
        place = self._random.choice(self._namespaces)
        return create(controller(self._random, self._words, self._name("controller"), place))

    def _new_namespace(self) -> Request:
        return create(namespace(self._random, self._name("new")))

    def _crowd_gets_a_policy(self) -> Request:
        """Only to see what would happen: the crowd stays as it is."""
        chosen = some_labels(self._random)
        crowd = namespace_with(self._random.choice(CROWDS), {})
        return patch(crowd, {"metadata": {"labels": chosen}})._replace(dry_run=True)

    def _namespace_changes(self) -> Request:
        if not self._own:
            return self._new_namespace()
        changed = namespace(self._random, self._random.choice(self._own)["metadata"]["name"])
        return self._random.choice((replace(changed), patch(changed, changed)))

    def _pod_changes(self) -> Request:
        if not self._pods:
            return self._new_pod()
        random = self._random
        chosen = random.choice(self._pods)
        container = good_container(f"late-{random.randrange(3)}")
        if random.random() < 0.7:
            fragments = [each for each in self._words.container if set(each) <= {"securityContext", "env"}]
            container = merged(container, random.choice(fragments))
        images = [{"name": each["name"], "image": "app:2"} for each in chosen["spec"]["containers"]]
        first = {**chosen["spec"]["containers"][0], "image": f"app:{random.randrange(9)}"}
        others = chosen["spec"]["containers"][1:]
        return random.choice(
            (
                add_ephemeral_container(chosen, container),
                add_ephemeral_container(chosen, container),
                patch(chosen, {"metadata": {"labels": {"step": str(self._number)}}}),
                patch(chosen, {"metadata": {"annotations": random.choice(_ANNOTATIONS)}}),
                replace({**chosen, "spec": {**chosen["spec"], "containers": [first, *others]}}),
                replace(chosen),
                patch(chosen, {"spec": {"hostPID": True}}),
                patch(
                    chosen, {"spec": {"containers": images}}, kind="application/strategic-merge-patch+json"
                ),
                patch(chosen, {"status": {"message": "x"}}, "status"),
                patch(chosen, {"spec": {"containers": []}}, "resize"),
                post(chosen, "eviction", _subject(chosen, "policy/v1", "Eviction")),
                post(chosen, "binding", {**_subject(chosen, "v1", "Binding"), "target": {"name": "n"}}),
                remove(chosen),
            )
        )

    def _controller_changes(self) -> Request:
        if not self._controllers:
            return self._new_controller()
        random = self._random
        chosen = random.choice(self._controllers)
        other = controller(random, self._words, chosen["metadata"]["name"], chosen["metadata"]["namespace"])
        return random.choice(
            (
                replace(merged(chosen, {"metadata": {"labels": {"step": str(self._number)}}})),
                patch(chosen, {"spec": {"replicas": 2}}, "scale"),
                patch(chosen, {"status": {}}, "status"),
                replace({**chosen, "spec": other["spec"]}) if same_shape(chosen, other) else replace(chosen),
                remove(chosen),
            )
        )


def same_shape(one: Manifest, other: Manifest) -> bool:
    """Whether the spec of one could be that of the other."""
    return one["kind"] == other["kind"] and "spec" in one and "spec" in other


def _subject(pod: Manifest, version: str, kind: str) -> Manifest:
    metadata = {key: pod["metadata"][key] for key in ("name", "namespace")}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


_ANNOTATIONS: Final = (
    {"note": "x"},
    {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"},
    {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"},
)
