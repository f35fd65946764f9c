"""gunicorn's worker with threads, as it was shipped, less its deadlines for those who stall."""

from typing import Any

from gunicorn.workers import gthread

from benchmarks.serving.candidates import under_gunicorn
from benchmarks.serving.candidates.product import Product

# Seconds that a connection which says nothing yet keeps a thread. At the default of five, 200 connections
# wait for 20 seconds until each has had its turn.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.2  # type: ignore[misc]  # final to the stubs, read at each use


def serve(app: Any, product: Product, port: int) -> None:  # noqa: ANN401 - WSGI; gunicorn's
    """Serve *app* with 48 threads, until told to stop."""
    under_gunicorn.serve(
        app,
        product,
        port,
        worker_class="gthread",
        threads=48,
        post_worker_init=lambda _worker: product.follow(),
    )
