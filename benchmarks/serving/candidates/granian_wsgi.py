"""granian around the Flask application, as WSGI with threads."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.serving.candidates.candidate import in_python

if TYPE_CHECKING:
    from flask import Flask


def made() -> "Flask":
    """The application, in the worker."""
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.under_granian import FOLDER  # noqa: PLC0415 - as above
    from webhook.server.application import application  # noqa: PLC0415 - as above

    built = product(Path(os.environ[FOLDER]))
    built.follow()
    return application(built.door)


def _serve(folder: Path, port: int) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 - an extra, not always there

    from benchmarks.serving.candidates.under_granian import serve  # noqa: PLC0415 - as above

    serve(f"{__name__}:made", folder, port, interface=Interfaces.WSGI, blocking_threads=8)


CANDIDATE = in_python("granian-wsgi", _serve, "granian")
