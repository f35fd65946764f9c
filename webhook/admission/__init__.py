"""Admission of pods, controllers and namespaces: one review in, one answer out.

No input or output here: what a review needs of the cluster comes through ``Cluster``, the time through a
function; what it has to tell the log and the metrics is in the ``Decision``.
"""

from webhook.admission.answers import Answer, Decision
from webhook.admission.cluster import (
    LABELS,
    Cluster,
    Excerpt,
    LookupFailed,
    MustWait,
    NamespaceNotFound,
    PodListFailed,
)
from webhook.admission.mutate import mutate
from webhook.admission.request import NotAReview
from webhook.admission.validate import review
from webhook.admission.verdict import Evaluation

__all__ = [
    "LABELS",
    "Answer",
    "Cluster",
    "Decision",
    "Evaluation",
    "Excerpt",
    "LookupFailed",
    "MustWait",
    "NamespaceNotFound",
    "NotAReview",
    "PodListFailed",
    "mutate",
    "review",
]
