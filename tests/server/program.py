"""The server in a process of its own: ``python program.py FOLDER`` with options as JSON on standard input."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from certs import Names, self_signed
from webhook.admission import MustWait, NamespaceNotFound
from webhook.config import DEFAULTS
from webhook.policy.pod import Pod
from webhook.server import ServeOptions, serve


class Namespaces:
    """A cluster of one namespace, one that is slow to answer, one that never does, and one that breaks."""

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace == "slow":
            time.sleep(0.3)
        elif namespace == "stuck":
            time.sleep(300)
        elif namespace == "broken":
            raise ZeroDivisionError("a bug\nof two lines")
        elif namespace != "shop":
            raise NamespaceNotFound(namespace)
        return {"pod-security.kubernetes.io/enforce": "restricted"}

    def pods_in(self, _namespace: str, _deadline: float) -> Sequence[Pod]:
        return ()


class InMemory(Namespaces):
    """What of it takes no time."""

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Mapping[str, str]:
        if namespace in {"slow", "stuck"}:
            raise MustWait
        return super().labels_of(namespace)


def waits() -> str | None:
    return "the namespaces" if Path(sys.argv[1], "wait").exists() else None


folder = Path(sys.argv[1], "tls")
self_signed(folder, Names(), now=datetime.now(UTC))
options = {"address": "127.0.0.1", "port": 0, "log_rate": 0} | json.load(sys.stdin)
if "client_authority" in options:
    options["client_authority"] = Path(options["client_authority"])
    options["client_names"] = frozenset(options["client_names"])
serve(
    ServeOptions(
        tls_dir=folder,
        settings=DEFAULTS,
        cluster=Namespaces(),
        at_once=InMemory(),
        waits_for=waits,
        **options,
    )
)
