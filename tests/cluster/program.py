"""The webhook before a cluster: ``python program.py FOLDER KUBECONFIG WORKERS``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from certs import Names, self_signed
from webhook.cli.cluster import live
from webhook.config import DEFAULTS
from webhook.server import ServeOptions, serve

folder = Path(sys.argv[1], "tls")
self_signed(folder, Names(), now=datetime.now(UTC))
asked = live(sys.argv[2], {})
serve(
    ServeOptions(
        tls_dir=folder,
        settings=DEFAULTS,
        cluster=asked.cluster,
        waits_for=asked.waits_for,
        follow=asked.follow,
        address="127.0.0.1",
        port=0,
        workers=int(sys.argv[3]),
    )
)
