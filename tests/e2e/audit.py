"""The audit log of an API server: what admission noted down about a request."""

import json
import time
from pathlib import Path
from typing import Any, Final

POLICY: Final = json.dumps(
    {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": [
            {"level": "None", "verbs": ["get", "list", "watch"]},
            {
                "level": "Metadata",
                "resources": [
                    {"group": "", "resources": ["namespaces", "pods", "pods/*"]},
                    {
                        "group": "",
                        "resources": [
                            "replicationcontrollers",
                            "replicationcontrollers/*",
                            "podtemplates",
                            "podtemplates/*",
                        ],
                    },
                    {"group": "apps"},
                    {"group": "batch"},
                ],
            },
            {"level": "None"},
        ],
    }
)
_PATIENCE: Final = 10.0
_STEP: Final = 0.002


class AuditLog:
    """The log at *place*, which may not be there yet and which grows."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._read = 0
        self._events: dict[str, dict[str, Any]] = {}

    def event(self, audit_id: str) -> dict[str, Any]:
        """The event of the request with *audit_id*; the answer may be out before it is written."""
        until = time.monotonic() + _PATIENCE
        while audit_id not in self._events:
            if not self._read_on():
                assert time.monotonic() < until, f"no event of request {audit_id} in {self.place}"
                time.sleep(_STEP)
        return self._events[audit_id]

    def created(self, namespace: str, name: str) -> dict[str, Any]:
        """The event of the request to create a pod, of which there is one; it may have to be waited for."""
        until = time.monotonic() + _PATIENCE
        while True:
            for event in self._events.values():
                about = event.get("objectRef", {})
                if (event["verb"], about.get("resource")) != ("create", "pods"):
                    continue
                if (about.get("namespace"), about.get("name")) == (namespace, name):
                    return event
            if not self._read_on():
                assert time.monotonic() < until, f"nobody created {namespace}/{name}, says {self.place}"
                time.sleep(_STEP)

    def annotations(self, audit_id: str) -> dict[str, str]:
        """The annotations of the request with *audit_id*."""
        return dict(self.event(audit_id).get("annotations", {}))

    def _read_on(self) -> bool:
        if not self.place.exists():
            return False
        with self.place.open("rb") as log:
            log.seek(self._read)
            whole, end, _ = log.read().rpartition(b"\n")
        self._read += len(whole) + len(end)
        for line in whole.splitlines():
            event = json.loads(line)
            self._events[event["auditID"]] = event
        return bool(whole)
