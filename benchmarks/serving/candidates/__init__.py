"""The servers that are compared, by name: what each is called with, or how it serves from Python.

A candidate imports what it needs when it serves, not before: its memory is measured.
"""

from benchmarks.serving.candidates import (
    baseline,
    granian_asgi,
    granian_wsgi,
    gthread_bare,
    gthread_flask,
    gunicorn_asgi,
    reference,
    shipped,
)
from benchmarks.serving.candidates.candidate import Candidate, Missing

__all__ = ["ALL", "Candidate", "Missing"]

ALL = {
    each.name: each
    for each in (
        baseline.CANDIDATE,
        reference.CANDIDATE,
        shipped.CANDIDATE,
        gthread_flask.CANDIDATE,
        gthread_bare.CANDIDATE,
        *gunicorn_asgi.CANDIDATES,
        granian_asgi.CANDIDATE,
        granian_wsgi.CANDIDATE,
    )
}
