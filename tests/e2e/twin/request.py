"""One request to an API server, as a value: it is sent to both twins."""

from typing import Any, NamedTuple

from tests.e2e.api import JSON, MERGE_PATCH, STRATEGIC_PATCH, Answer, Api, Manifest, path_of


class Request(NamedTuple):
    """What is asked; ``about`` is the object that it creates, changes or removes."""

    method: str
    path: str
    body: Any
    about: Manifest
    content_type: str = JSON
    user: str = ""
    dry_run: bool = False

    def send(self, api: Api) -> Answer:
        """The answer of the API server behind *api*, asked as ``user`` where there is one."""
        headers = {"Content-Type": self.content_type}
        if self.user:
            headers |= {"Impersonate-User": self.user, "Impersonate-Group": "system:masters"}
        query = {"dryRun": "All"} if self.dry_run else {}
        if self.method == "DELETE":
            query["gracePeriodSeconds"] = "0"
        return api.ask(self.method, self.path, self.body, headers=headers, query=query)


def create(manifest: Manifest) -> Request:
    return Request("POST", path_of(manifest, collection=True), manifest, manifest)


def replace(manifest: Manifest) -> Request:
    return Request("PUT", path_of(manifest), manifest, manifest)


def patch(manifest: Manifest, change: Manifest, subresource: str = "", kind: str = MERGE_PATCH) -> Request:
    path = path_of(manifest) + (f"/{subresource}" if subresource else "")
    return Request("PATCH", path, change, manifest, kind)


def post(manifest: Manifest, subresource: str, body: Manifest) -> Request:
    return Request("POST", f"{path_of(manifest)}/{subresource}", body, manifest)


def remove(manifest: Manifest) -> Request:
    return Request("DELETE", path_of(manifest), None, manifest)


def add_ephemeral_container(pod: Manifest, container: Manifest) -> Request:
    change = {"spec": {"ephemeralContainers": [container]}}
    return patch(pod, change, "ephemeralcontainers", STRATEGIC_PATCH)
