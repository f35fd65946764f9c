"""The names that Kubernetes allows for namespaces and for runtime classes.

Source: Kubernetes documentation, "Object Names and IDs"; the words are those of its validation errors.
"""

import re
from collections.abc import Iterator
from typing import Final

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_LONGEST_LABEL: Final = 63
_LONGEST_SUBDOMAIN: Final = 253


def label_problems(name: str) -> Iterator[str]:
    """What keeps *name* from being a label of the domain name system, as a namespace's name must be."""
    yield from _length_problems(name, _LONGEST_LABEL)
    if re.fullmatch(_LABEL, name):
        return
    if re.fullmatch(_SUBDOMAIN, name):
        yield "must not contain dots"
    else:
        yield (
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
            "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
            f"validation is '{_LABEL}')"
        )


def subdomain_problems(name: str) -> Iterator[str]:
    """What keeps *name* from being a name of the domain name system, as a runtime class's name must be."""
    yield from _length_problems(name, _LONGEST_SUBDOMAIN)
    if not re.fullmatch(_SUBDOMAIN, name):
        yield (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
            "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
            f"validation is '{_SUBDOMAIN}')"
        )


def _length_problems(name: str, most: int) -> Iterator[str]:
    # Kubernetes counts bytes, though it says characters.
    if len(name.encode(errors="surrogatepass")) > most:
        yield f"must be no more than {most} characters"
