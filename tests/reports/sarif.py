"""SARIF as its readers are promised it: every property of those we write, of its type, and no other.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, sections 3.13 to 3.58.
"""

from typing import Any, Literal
from urllib.parse import unquote

from msgspec import Struct, field, json

Level = Literal["none", "note", "warning", "error"]


class Exact(Struct, forbid_unknown_fields=True, rename="camel"):
    """An object with these members and no others."""


class Text(Exact):
    text: str
    markdown: str | None = None


class Configuration(Exact):
    level: Level


class Rule(Exact):
    id: str
    short_description: Text
    full_description: Text
    help: Text
    default_configuration: Configuration


class Driver(Exact):
    name: str
    semantic_version: str
    rules: list[Rule]


class Tool(Exact):
    driver: Driver


class Region(Exact):
    start_line: int


class Artifact(Exact):
    uri: str


class Physical(Exact):
    artifact_location: Artifact
    region: Region | None = None


class Location(Exact):
    physical_location: Physical


class Result(Exact):
    rule_id: str
    rule_index: int
    level: Level
    message: Text
    locations: list[Location]
    properties: dict[str, Any]


class Notification(Exact):
    level: Level
    message: Text
    locations: list[Location]


class Invocation(Exact):
    execution_successful: bool
    tool_execution_notifications: list[Notification]


class Run(Exact):
    tool: Tool
    invocations: list[Invocation]
    results: list[Result]
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]


class Log(Exact):
    schema: str = field(name="$schema")
    version: Literal["2.1.0"]
    runs: list[Run]


def read_sarif(text: str) -> Run:
    """The run that *text* tells of; what is promised of its parts together holds too."""
    [run] = json.decode(text, type=Log).runs
    rules = run.tool.driver.rules
    assert len({rule.id for rule in rules}) == len(rules)
    for result in run.results:
        assert rules[result.rule_index].id == result.rule_id
        assert result.locations[0].physical_location.region
        assert result.locations[0].physical_location.region.start_line >= 1
    for location in [
        each.locations[0] for each in (*run.results, *run.invocations[0].tool_execution_notifications)
    ]:
        uri = location.physical_location.artifact_location.uri
        assert uri.isascii()
        assert " " not in uri
        assert unquote(uri)
    return run
