"""Who is not checked at all: users, namespaces and runtime classes, by exact name, as configured.

Source: Kubernetes documentation, "Pod Security Admission", section "Exemptions".
"""

from typing import NamedTuple


class Exemptions(NamedTuple):
    """The names that are exempt. The empty name never is: it stands for nobody."""

    usernames: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    runtime_classes: frozenset[str] = frozenset()

    def cover_user(self, name: str) -> bool:
        """Whether requests of the user *name* are exempt."""
        return name != "" and name in self.usernames

    def cover_namespace(self, name: str) -> bool:
        """Whether everything in the namespace *name* is exempt."""
        return name != "" and name in self.namespaces

    def cover_runtime_class(self, name: str | None) -> bool:
        """Whether pods of the runtime class *name* are exempt."""
        return bool(name) and name in self.runtime_classes
