"""How a configuration names things: by their name, or by how it begins; and images by their repository."""

import re
from typing import Final, NamedTuple, Self

NAME: Final = r"[a-z0-9][-a-z0-9.]*\*?"
"""How names are written, as a regular expression."""

_LAST: Final = "[-A-Za-z0-9._]"
_REPOSITORY: Final = f"[A-Za-z0-9]([-A-Za-z0-9._/:]*/{_LAST}+|{_LAST}*)"
_TAG: Final = "[A-Za-z0-9_][-A-Za-z0-9._]{0,127}"
_DIGEST: Final = "[a-z0-9]+:[0-9a-f]{32,}"
_BELOW: Final = r"[A-Za-z0-9][-A-Za-z0-9._/:]*/\*"
IMAGE: Final = f"({_REPOSITORY}(:{_TAG})?(@{_DIGEST})?|{_BELOW})"
"""How images are written, as a regular expression."""

_IS_NAME: Final = re.compile(NAME)
_IS_IMAGE: Final = re.compile(IMAGE)


class Name(NamedTuple):
    """A name, or with ``is_prefix`` the beginning of one: a text with a star at its end."""

    text: str
    is_prefix: bool = False

    @classmethod
    def parse(cls, written: str) -> Self:
        """The pattern that is *written*. Raises ValueError for any other star."""
        if not _IS_NAME.fullmatch(written):
            raise ValueError(
                "must be a name of lower case letters, digits, '-' and '.', or the beginning of one and '*'"
            )
        return cls(written.removesuffix("*"), written.endswith("*"))

    def covers(self, name: str) -> bool:
        """Whether *name* is meant."""
        return name.startswith(self.text) if self.is_prefix else name == self.text


class Image(NamedTuple):
    """A repository as images name it, and perhaps which of its images.

    Texts are compared as they are written: ``nginx`` does not mean ``docker.io/library/nginx``, which depends
    on the node. With ``is_prefix`` everything below the repository's path is meant.
    """

    repository: str
    tag: str = ""
    digest: str = ""
    is_prefix: bool = False

    @classmethod
    def parse(cls, written: str) -> Self:
        """The pattern that is *written*: ``REPOSITORY[:TAG][@DIGEST]`` or ``PATH/*``. Raises ValueError."""
        if not _IS_IMAGE.fullmatch(written):
            raise ValueError("must be REPOSITORY, REPOSITORY:TAG, REPOSITORY@DIGEST, or PATH/*")
        if written.endswith("/*"):
            return cls(written.removesuffix("*"), is_prefix=True)
        return cls(*parts_of_image(written))

    def covers(self, image: str) -> bool:
        """Whether *image* is meant. Where it has a digest, its tag says nothing of what runs."""
        repository, tag, digest = parts_of_image(image)
        if self.is_prefix:
            return repository.startswith(self.repository)
        if repository != self.repository or (self.digest and digest != self.digest):
            return False
        return not self.tag or (tag == self.tag and (not digest or bool(self.digest)))


def parts_of_image(image: str) -> tuple[str, str, str]:
    """Repository, tag and digest of *image*; the empty text for what it does not have."""
    named, _, digest = image.partition("@")
    path, slash, last = named.rpartition("/")
    last, _, tag = last.partition(":")
    return f"{path}{slash}{last}", tag, digest
