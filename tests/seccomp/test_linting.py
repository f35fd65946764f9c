"""A profile on several runtimes: what each of them alone is told, and the same once."""

import pytest

from webhook.seccomp.document import Document
from webhook.seccomp.linting import lint
from webhook.seccomp.lints import LINTS
from webhook.seccomp.target import RUNTIMES, Target


@pytest.mark.parametrize(
    "content", [b"{}", b'{"syscalls": []}', b'{"architectures": ["SCMP_ARCH_X86_64"]}', b'{"flags": []}']
)
def test_all_runtimes_together_are_told_what_each_is_told_alone(content: bytes) -> None:
    targets = [Target(runtime) for runtime in RUNTIMES]
    # What this one tells is how they differ, of which one alone knows nothing.
    lints = [each for each in LINTS if each.id != "differs-by-runtime"]

    together = {
        (found.lint.id, found.place, found.message, runtime)
        for found in lint(Document(content), targets, lints)
        for runtime in found.runtimes
    }
    alone = {
        (found.lint.id, found.place, found.message, target.runtime)
        for target in targets
        for found in lint(Document(content), [target], lints)
    }
    assert together == alone
