"""granian, a server in Rust that calls Python, with one worker.

It has no hook for TLS: the certificate of the start is served for good.
"""

import os
from pathlib import Path
from typing import Any, Final

# The worker is a process that makes its application anew.
FOLDER: Final = "BENCHMARK_GROUND"


def serve(target: str, folder: Path, port: int, **settings: Any) -> None:  # noqa: ANN401 - granian's
    """Serve what the function named *target* makes, until told to stop."""
    from granian import Granian  # noqa: PLC0415 - an extra, not always there
    from granian.constants import HTTPModes, SSLProtocols  # noqa: PLC0415 - as above

    os.environ[FOLDER] = str(folder)
    Granian(
        target,
        factory=True,
        address="127.0.0.1",
        port=port,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        ssl_cert=folder / "tls" / "tls.crt",
        ssl_key=folder / "tls" / "tls.key",
        ssl_protocol_min=SSLProtocols.tls12,
        **settings,
    ).serve()
