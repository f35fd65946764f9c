"""A control plane with Pod Security in it: the built-in plugin's, or the webhook's in its place."""

from pathlib import Path
from typing import Final

from tests.e2e.access import Rights
from tests.e2e.api import Api, Manifest
from tests.e2e.control_plane import ControlPlane, Extent
from tests.e2e.processes import wait_for
from tests.e2e.registration import register, registration
from tests.e2e.running import Running
from tests.e2e.webhook import Webhook
from tests.e2e.wire import Wire

_NONSENSE: Final[Manifest] = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "never-made", "labels": {"pod-security.kubernetes.io/enforce": "nonsense"}},
}


class WebhookCluster(Running):
    """A cluster whose Pod Security is the webhook; as a context, it is ready and the webhook is called."""

    def __init__(
        self,
        folder: Path,
        *,
        admission: Path | None = None,
        extent: Extent = Extent.API,
        stays: bool = False,
    ) -> None:
        self.plane = ControlPlane(folder, pod_security=False, extent=extent, stays=stays)
        self.admin: Api = self.plane.admin
        self.rights = Rights(self.admin)
        token = folder / "webhook.token"
        # A cluster that stays does so without this process, and so without the wire.
        self.wire = None if stays else Wire(self.plane.port)
        port = self.wire.port if self.wire else self.plane.port
        access = self.plane.kubeconfig_with("webhook", token, port)
        self.webhook = Webhook(folder / "webhook", access, config=admission, stays=stays)
        self._token = token

    def start(self) -> None:
        """Start all of it; returns when the webhook is called."""
        self.plane.start()
        self.rights.give()
        self.renew_token()
        self.webhook.start()
        self.register()

    def renew_token(self) -> None:
        """Give the webhook a token of its account, where it has had one."""
        self.rights.token(self._token)

    def register(self, policy: str = "Fail", timeout: int = 5, url: str = "") -> None:
        """Register the webhook, at *url* where it is not to be called directly; returns when it is called."""
        place = {"url": url or self.webhook.url}
        register(self.admin, registration(place, self.webhook.authority, policy=policy, timeout=timeout))
        wait_for(lambda: judges(self.admin), "the webhook is called")

    def unregister(self) -> None:
        """Take the webhook out of the admission chain; returns when it is."""
        self.admin.delete(registration({"url": self.webhook.url}, self.webhook.authority)).good()
        wait_for(lambda: not judges(self.admin), "the webhook is no longer called")

    def heal(self) -> None:
        """Start what does not run, and put right what else a test that failed may have left."""
        if self.wire:
            self.wire.mend()
        self.plane.start_what_is_missing()
        if self.webhook.process is None:
            self.webhook.start()
        self.rights.give()

    def kill(self) -> None:
        """End everything at once."""
        self.webhook.kill()
        self.plane.kill()
        if self.wire:
            self.wire.close()


def judges(api: Api) -> bool:
    """Whether Pod Security, whoever does it, is in the admission chain: it refuses nonsense as a level."""
    return api.create(_NONSENSE, dry_run=True).code == 422
