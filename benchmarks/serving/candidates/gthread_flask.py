"""Flask under gunicorn's worker with threads, as 0.x was shipped, less its deadlines."""

from pathlib import Path

from benchmarks.serving.candidates.candidate import in_python


def _serve(folder: Path, port: int) -> None:
    from benchmarks.serving.candidates.product import product  # noqa: PLC0415 - only where it serves
    from benchmarks.serving.candidates.under_gunicorn import serve  # noqa: PLC0415 - as above
    from webhook.server.application import application  # noqa: PLC0415 - as above

    made = product(folder)
    serve(
        application(made.door),
        made,
        port,
        worker_class="gthread",
        threads=48,
        post_worker_init=lambda _worker: made.follow(),
    )


CANDIDATE = in_python("gthread-flask", _serve)
