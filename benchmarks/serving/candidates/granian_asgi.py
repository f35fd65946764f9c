"""granian around the bytes core, as ASGI on uvloop."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.serving.candidates.candidate import in_python

if TYPE_CHECKING:
    from benchmarks.serving.candidates.asgi import App


def made() -> "App":
    """The application, in the worker."""
    from benchmarks.serving.candidates.asgi import application  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - as above
    from benchmarks.serving.candidates.under_granian import FOLDER  # noqa: PLC0415 - as above

    return application(product(Path(os.environ[FOLDER])))


def _serve(folder: Path, port: int) -> None:
    from granian.constants import Interfaces, Loops  # noqa: PLC0415 - an extra, not always there

    from benchmarks.serving.candidates.under_granian import serve  # noqa: PLC0415 - as above

    serve(f"{__name__}:made", folder, port, interface=Interfaces.ASGI, loop=Loops.uvloop)


CANDIDATE = in_python("granian-asgi", _serve, "granian", "uvloop")
