"""A call that one runtime lets through and another refuses."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several
