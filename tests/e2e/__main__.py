"""``python -m tests.e2e build | up | down``: the programs of a cluster, and one to play with."""

import os
import shutil
import sys
from time import monotonic
from typing import NoReturn

from tests.e2e import mutating
from tests.e2e.binaries import BUILT, CONTROL_PLANE, ROOT, Unavailable, are_required, program, version
from tests.e2e.cluster import WebhookCluster
from tests.e2e.control_plane import Extent
from tests.e2e.processes import end_all, running_in
from tests.e2e.registration import register

PLACE = ROOT / ".local" / "e2e" / "cluster"
KUBECONFIG = PLACE / "admin.kubeconfig"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def build() -> None:
    """Build what is not there; where that cannot be done, the suites will say so too."""
    for name in BUILT:
        say(f"kubernetes {version()}: {name} ...")
        since = monotonic()
        try:
            say(f"  {program(name)} ({monotonic() - since:.0f} s)")
        except Unavailable as missing:
            if are_required():
                raise
            say(f"  {missing}")


def up() -> None:
    """Start the cluster, and leave it running."""
    if running_in(PLACE):
        say("It is running already.")
    else:
        down()
        for name in ("etcd", *CONTROL_PLANE):
            program(name)
        # As a context, which nobody leaves, it is ended only where its start fails.
        cluster = WebhookCluster(PLACE, extent=Extent.CONTROLLERS, stays=True).__enter__()
        webhook = cluster.webhook
        register(cluster.admin, mutating.registration({"url": webhook.mutating_url}, webhook.authority))
    say(f"The log of the webhook is {PLACE / 'webhook' / 'webhook.log'}; make cluster-down stops it all.")
    say(f"export KUBECONFIG={KUBECONFIG}")


def down() -> None:
    """Stop the cluster, and remove what it wrote."""
    end_all(PLACE)
    shutil.rmtree(PLACE, ignore_errors=True)


def main() -> NoReturn:
    verbs = {"build": build, "up": up, "down": down}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(f"usage: python -m tests.e2e {' | '.join(verbs)}")
    os.chdir(ROOT)
    try:
        verbs[sys.argv[1]]()
    except Unavailable as missing:
        sys.exit(str(missing))
    sys.exit(0)


if __name__ == "__main__":
    main()
