"""What is different between two settings, in words for the log."""

from collections.abc import Iterator, Mapping
from typing import Any

from webhook.config.settings import Settings


def changes(old: Settings, new: Settings) -> str:
    """What *new* says otherwise than *old*: ``exceptions: clock added, logs removed; exemptions``."""
    return "; ".join(_changes(old, new)) or "nothing that counts"


def _changes(old: Settings, new: Settings) -> Iterator[str]:
    if old.defaults != new.defaults:
        yield f"defaults: {', '.join(map(str, new.defaults))}"
    if old.exemptions != new.exemptions:
        yield "exemptions"
    turned = sorted(old.mutation.on ^ new.mutation.on)
    if turned:
        switches = [f"{each} {'on' if each in new.mutation.on else 'off'}" for each in turned]
        yield f"mutation: {', '.join(switches)}"
    if old.only != new.only:
        yield f"controls: {'all' if new.only is None else ', '.join(sorted(new.only))}"
    yield from _changes_beside_the_standards(old, new)
    exceptions = list(_differences(_by_name(old), _by_name(new)))
    if exceptions:
        yield f"exceptions: {', '.join(exceptions)}"


def _changes_beside_the_standards(old: Settings, new: Settings) -> Iterator[str]:
    for control in sorted({each.control for each in (*old.wanted, *new.wanted)}):
        before, after = ([each for each in some.wanted if each.control == control] for some in (old, new))
        if before != after:
            yield f"{control}: {f'from {after[0].level} on' if after else 'off'}"
    if old.enforce_controllers != new.enforce_controllers:
        yield f"enforceControllers: {'on' if new.enforce_controllers else 'off'}"
    if old.localhost_profiles != new.localhost_profiles:
        yield f"localhostProfiles: {new.localhost_profiles.mode}"
    workloads = sorted(f"{each}" for each in {*old.workloads.added} ^ {*new.workloads.added})
    if workloads:
        yield f"workloads: {'; '.join(dict.fromkeys(workloads))}"


def _by_name(settings: Settings) -> Mapping[str, Any]:
    return {each.name: each for each in settings.exceptions.all}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield f"{name} added"
        elif name not in new:
            yield f"{name} removed"
        elif old[name] != new[name]:
            yield f"{name} changed"
