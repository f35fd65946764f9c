"""The report on certificates for people. PURE."""

from collections.abc import Iterator
from typing import Any

from webhook.reports.printable import printable


def text(report: dict[str, Any]) -> str:
    """The *report* of ``certs show``, as lines."""
    return "".join(f"{printable(line)}\n" for line in _lines(report))


def _lines(report: dict[str, Any]) -> Iterator[str]:
    for each in report.get("certificates", ()):
        yield f"{each['subject']}, until {each['notAfter']}"
        yield from _more(each)
    if (serving := report.get("serving")) is not None:
        yield from _serving(serving)
    for each in report.get("authorities", ()):
        leaves = "" if each["role"] == "next" else f", its last leaf until {each['lastLeafEnds']}"
        yield f"Trusted ({each['role']}): {each['subject']}, until {each['notAfter']}{leaves}"
        yield f"  SHA-256 {each['fingerprint']}"
    if report.get("everywhereSince"):
        yield f"The bundle is everywhere since {report['everywhereSince']}."
    for each in report.get("configurations", ()):
        yield from _configuration(each)
    yield from (f"Due: {words}" for words in report.get("due", ()))
    yield from (f"Problem: {words}" for words in report["problems"])


def _serving(serving: dict[str, Any]) -> Iterator[str]:
    if "subject" in serving:
        names, end, renewed = serving["names"], serving["notAfter"], serving["renewedAt"]
        yield f"Serving: {names}, until {end}, renewed from {renewed}"
        yield from _more(serving)
    if serving["problem"]:
        yield f"Serving: {serving['problem']}"
    elif not serving["hasBundle"]:
        yield "  ca.crt beside it is not the bundle"


def _configuration(configuration: dict[str, Any]) -> Iterator[str]:
    name = f"{configuration['kind']}/{configuration['name']}"
    if not configuration["present"]:
        yield f"{name}: not there"
    for webhook in configuration["webhooks"]:
        state = "has the bundle" if webhook["inSync"] else "does not have the bundle"
        writer = f", written by {webhook['writer']}" if webhook["writer"] else ""
        yield f"{name}: {webhook['name']} {state}{writer}"


def _more(certificate: dict[str, Any]) -> Iterator[str]:
    yield f"  signed by {certificate['issuer']}"
    yield f"  SHA-256 {certificate['fingerprint']}"
