"""Serves as one candidate: ``python -m benchmarks.serving.candidates NAME FOLDER PORT``."""

import sys
from pathlib import Path

from benchmarks.serving.candidates import ALL

name, folder, port = sys.argv[1:]
serve = ALL[name].serve
if serve is None:
    sys.exit(f"{name} is a program of its own")
serve(Path(folder), int(port))
