"""Flask under gunicorn's worker with threads: what was shipped first, kept to be compared with."""

from pathlib import Path

from benchmarks.serving.candidates.candidate import in_python


def _serve(folder: Path, port: int) -> None:
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.under_gthread import serve  # noqa: PLC0415 - as above
    from webhook.server.application import application  # noqa: PLC0415 - as above

    made = product(folder)
    serve(application(made.door), made, port)


CANDIDATE = in_python("gthread-flask", _serve)
