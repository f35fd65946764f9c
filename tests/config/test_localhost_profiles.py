"""The section ``localhostProfiles``, and which mode it comes to; what is refused: ``configurations.yaml``."""

from typing import Any

import jsonschema
import pytest

from webhook.config import DEFAULTS, Settings, changes, settings_of
from webhook.config.schema import schema
from webhook.nodes.localhost_profiles import LABEL, OFF, Hold, LocalhostProfiles, Mode, NamespaceMode
from webhook.policy.patterns import Name


def settings(section: Any) -> Settings:  # noqa: ANN401 - any document
    document = {"apiVersion": "seccomp-webhook.io/v1", "kind": "Configuration", "localhostProfiles": section}
    jsonschema.validate(document, schema())
    found = settings_of(document)
    assert isinstance(found, Settings)
    return found


def section(section: Any) -> LocalhostProfiles:  # noqa: ANN401 - any document
    return settings(section).localhost_profiles


@pytest.mark.parametrize(
    "written", [None, {}, {"mode": "off"}, {"mode": False}, {"mode": None, "nodes": None}]
)
def test_nothing_is_asked_unless_it_says_so(written: object) -> None:
    assert section(written) == OFF == DEFAULTS.localhost_profiles


def test_every_part_is_taken() -> None:
    written = {
        "mode": "enforce",
        "nodes": "any",
        "namespaces": [{"names": ["kube-*", "storage"], "mode": False}, {"names": ["shop"], "mode": "warn"}],
        "addNodeAffinity": True,
        "seccompFolder": "/data/kubelet/seccomp/",
    }

    assert section(written) == LocalhostProfiles(
        Mode.ENFORCE,
        Hold.ANY,
        (
            NamespaceMode((Name("kube-", is_prefix=True), Name("storage")), Mode.OFF),
            NamespaceMode((Name("shop"),), Mode.WARN),
        ),
        add_node_affinity=True,
        seccomp_folder="/data/kubelet/seccomp",
    )


MODES = section(
    {
        "mode": "warn",
        "namespaces": [
            {"names": ["kube-*"], "mode": False},
            {"names": ["shop", "kube-x"], "mode": "enforce"},
        ],
    }
)


@pytest.mark.parametrize(
    ("namespace", "label", "mode"),
    [
        ("cart", None, Mode.WARN),
        ("cart", "enforce", Mode.ENFORCE),
        ("cart", "off", Mode.OFF),
        ("cart", "Enforce", Mode.WARN),
        ("shop", None, Mode.ENFORCE),
        ("shop", "off", Mode.ENFORCE),
        ("kube-system", "enforce", Mode.OFF),
        ("kube-x", None, Mode.OFF),
    ],
)
def test_the_configuration_decides_by_name_then_the_namespace_by_its_label(
    namespace: str, label: str | None, mode: Mode
) -> None:
    assert MODES.mode_in(namespace, {} if label is None else {LABEL: label}) is mode


def test_a_label_alone_switches_nothing_on() -> None:
    assert OFF.mode_in("shop", {LABEL: "enforce"}) is Mode.OFF


def test_a_change_is_told() -> None:
    assert changes(DEFAULTS, settings({"mode": "warn"})) == "localhostProfiles: warn"


def test_there_can_be_exceptions_from_what_is_asked() -> None:
    document = {
        "apiVersion": "seccomp-webhook.io/v1",
        "kind": "Configuration",
        "exceptions": [
            {
                "name": "browser",
                "reason": "a browser makes namespaces of its own",
                "expires": "2027-01-31",
                "match": {"namespaces": ["shop"], "containers": ["browser"]},
                "allow": [{"control": "localhostProfileContent", "values": ["chrome.json"]}],
            }
        ],
    }
    jsonschema.validate(document, schema())
    found = settings_of(document)

    assert isinstance(found, Settings)
    assert found.exceptions.all[0].allows[0].control == "localhostProfileContent"
