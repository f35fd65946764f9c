"""gunicorn's own ASGI worker around the bytes core: as it is, with less memory per connection, on uvloop."""

import asyncio.sslproto
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.serving.candidates.candidate import in_python

# asyncio allocates 256 KiB for each TLS connection, when it is made; reviews seldom have more than 16.
_BUFFER: Final = 16 * 1024


def _serve(folder: Path, port: int, *, loop: str = "asyncio", buffer: int | None = None) -> None:
    from benchmarks.serving.candidates.asgi import application  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - as above
    from benchmarks.serving.candidates.under_gunicorn import serve  # noqa: PLC0415 - as above

    if buffer is not None:
        asyncio.sslproto.SSLProtocol.max_size = buffer
    made = product(folder)
    serve(application(made), made, port, worker_class="asgi", asgi_loop=loop, asgi_lifespan="on")


CANDIDATES = (
    in_python("gunicorn-asgi", _serve),
    in_python("gunicorn-asgi-16k", partial(_serve, buffer=_BUFFER)),
    in_python("gunicorn-asgi-uvloop", partial(_serve, loop="uvloop"), "uvloop"),
)
