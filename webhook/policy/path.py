"""Paths of fields, written as Kubernetes writes them in its errors."""

Path = tuple[str | int, ...]
"""Where a field is: names of fields and indexes of lists, from the outside in."""


def dotted(path: Path) -> str:
    """The text of *path*: ``spec.containers[0].image``, ``metadata.annotations[example.com/key]``."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, str) and step.isidentifier():
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{step}]")
    return "".join(parts)
