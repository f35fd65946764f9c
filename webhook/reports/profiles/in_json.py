"""The report for programs: one JSON object of kind ProfileScanReport."""

from typing import Any, Final

import msgspec

from webhook.policy.path import dotted
from webhook.reports.formats import Look
from webhook.reports.printable import json_printable
from webhook.reports.profiles.scan import ProfileScan, Scanned, Wrong

_API_VERSION: Final = "seccomp-webhook.io/v1"


def rendered(scan: ProfileScan, _look: Look) -> str:
    """*scan* as JSON: what was found in the same members as in reports of manifests."""
    report = {
        "apiVersion": _API_VERSION,
        "kind": "ProfileScanReport",
        "summary": {
            "workloads": scan.workloads,
            "using": scan.using,
            "denied": scan.denied,
            "doubtful": scan.doubtful,
            "nodes": scan.nodes,
            "reported": scan.reported,
            "profiles": scan.profiles,
            "unused": None if scan.unused is None else len(scan.unused),
            "errors": len(scan.errors),
        },
        "results": [_result(each) for each in scan.results],
        "unused": None if scan.unused is None else [each._asdict() for each in scan.unused],
        "errors": [{"message": each} for each in scan.errors],
    }
    return json_printable(msgspec.json.encode(report).decode()) + "\n"


def _result(scanned: Scanned) -> dict[str, Any]:
    name = scanned.object
    return {
        "object": {
            "apiVersion": name.api_version,
            "kind": name.kind,
            "namespace": name.namespace,
            "name": name.name,
        },
        "level": scanned.level,
        "allowed": not scanned.violations,
        "profiles": scanned.profiles,
        "violations": [_violation(each) for each in scanned.violations],
        "doubts": scanned.doubts,
    }


def _violation(wrong: Wrong) -> dict[str, Any]:
    return {
        "control": wrong.control,
        "detail": wrong.detail,
        "fields": [
            {"path": dotted(each.path), "container": each.container, "value": each.value}
            for each in wrong.fields
        ],
    }
