"""The names that Kubernetes allows for namespaces and for runtime classes.

Source: Kubernetes documentation, "Object Names and IDs"; the words are those of its validation errors.
"""

import re
from collections.abc import Iterator
from typing import Final

LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN: Final = rf"{LABEL}(\.{LABEL})*"
LONGEST_LABEL: Final = 63
LONGEST_SUBDOMAIN: Final = 253


def label_problems(name: str) -> Iterator[str]:
    """What keeps *name* from being a label of the domain name system, as a namespace's name must be."""
    yield from _length_problems(name, LONGEST_LABEL)
    if re.fullmatch(LABEL, name):
        return
    if re.fullmatch(SUBDOMAIN, name):
        yield "must not contain dots"
    else:
        yield (
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
            "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
            f"validation is '{LABEL}')"
        )


def subdomain_problems(name: str) -> Iterator[str]:
    """What keeps *name* from being a name of the domain name system, as a runtime class's name must be."""
    yield from _length_problems(name, LONGEST_SUBDOMAIN)
    if not re.fullmatch(SUBDOMAIN, name):
        yield (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
            f"validation is '{SUBDOMAIN}')"
        )


def _length_problems(name: str, most: int) -> Iterator[str]:
    # Kubernetes counts bytes, though it says characters.
    if len(name.encode(errors="surrogatepass")) > most:
        yield f"must be no more than {most} characters"
