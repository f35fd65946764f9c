"""What is wrong with the labels of a namespace that somebody wrote by hand.

A cluster takes a misspelled label for somebody else's and refuses a bad value when the namespace is made;
nobody asks that of a file, and a webhook that enforces nothing looks like one that has nothing to refuse.
So both are told, and count as they would in a cluster that has such a namespace already.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from webhook.manifests.fields_words import nearest
from webhook.policy.labels import NAMES, PERMISSIVE, PREFIX, policy_of
from webhook.policy.path import dotted

_NAMES_BY_FIELD: Final = {dotted(("metadata", "labels", name)): name for name in NAMES}


def label_errors(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The labels that Pod Security would not read as they were meant, each with what is wrong with it."""
    for name in labels:
        if name.startswith(PREFIX) and name not in NAMES:
            yield name, f"{name} is no label of Pod Security{nearest(name, NAMES)}"
    _, errors = policy_of(labels, PERMISSIVE)
    for error in errors:
        yield _NAMES_BY_FIELD[error.field], str(error)
