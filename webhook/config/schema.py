"""The JSON schema of ``Configuration``: made from the shapes that the file is read by.

``python -m webhook.config.schema`` prints it; ``make docs`` writes it beside this file; a test
holds it fresh. Source: json-schema.org, draft 2020-12. As in Kubernetes, a field that is ``null`` is one that
is absent.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from webhook.config import workloads
from webhook.config.configuration import KIND, SHAPE, VERSION
from webhook.config.exceptions import CONTROLS
from webhook.config.mutation import BUNDLES
from webhook.config.shape import SCALAR, MapOf, Shape
from webhook.nodes.localhost_profiles import Hold, Mode
from webhook.policy.checks import CHECKS
from webhook.policy.extras import EXTRAS
from webhook.policy.standard import Level
from webhook.policy.template_path import PATTERN

_ID: Final = "https://seccomp-webhook.io/v1/configuration.schema.json"
_LEVELS: Final = {"enum": [str(level) for level in Level]}
# An off without quotes is a boolean to YAML as Kubernetes reads it.
_MODES: Final = [*Mode, False]
_VERSION: Final = {"pattern": "^(latest|v1\\.(0|[1-9][0-9]*))$"}

# What a shape does not tell, by the place of the field.
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("apiVersion", "kind"),
    "exceptions[]": ("name", "reason", "expires", "match", "allow"),
    "exceptions[].match": ("namespaces",),
    "exceptions[].match.workloads[]": ("kind", "name"),
    "exceptions[].allow[]": ("control",),
    **{f"controls.{name}": ("level",) for name in EXTRAS},
    "workloads[]": ("apiVersions", "kind", "resource", "templates"),
    "localhostProfiles.namespaces[]": ("names", "mode"),
}
_MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "apiVersion": {"const": VERSION},
    "kind": {"const": KIND},
    **{f"podSecurity.defaults.{mode}": _LEVELS for mode in ("enforce", "audit", "warn")},
    **{f"podSecurity.defaults.{mode}-version": _VERSION for mode in ("enforce", "audit", "warn")},
    "podSecurity": {"description": "Policy of namespaces without labels, and who is not checked at all."},
    "mutation": {"description": "Defaults that are put into new pods."},
    "mutation.bundle": {"enum": list(BUNDLES), "description": "Switches by one name."},
    "exceptions": {"description": "Violations that are let pass, for a reason and until a day."},
    "exceptions[].name": {"description": "What audit, metric and log call it."},
    "exceptions[].expires": {"format": "date", "description": "The last day on which it holds, in UTC."},
    "exceptions[].match": {"description": "Whom it is for: all parts must agree."},
    "exceptions[].match.namespaces": {"minItems": 1, "description": "Names, or beginnings with a star."},
    "exceptions[].match.containers": {"description": "It is then for these containers alone."},
    "exceptions[].match.images": {"description": "REPOSITORY[:TAG][@DIGEST] or PATH/*; as containers."},
    "exceptions[].allow": {"minItems": 1},
    "enforceControllers": {"description": "Whether what makes pods is refused where its pods would be."},
    "workloads": {"description": "Kinds of somebody's own that hold pods."},
    "workloads[].apiVersions": {"minItems": 1},
    "workloads[].apiVersions[]": {"pattern": f"^{workloads.API_VERSION}$"},
    "workloads[].kind": {"pattern": f"^{workloads.KIND}$"},
    "workloads[].resource": {
        "pattern": f"^{workloads.RESOURCE}$",
        "description": "Its plural name in the API; the rules of the webhook configuration must have it too.",
    },
    "workloads[].templates": {
        "minItems": 1,
        "maxItems": workloads.MOST_PATHS,
        "description": "Where pod templates stand: spec.template, spec.jobs[*].template.",
    },
    "workloads[].templates[]": {"pattern": f"^{PATTERN}$"},
    "controls": {"description": "Which controls are asked."},
    "controls.only": {"minItems": 1, "description": "These alone, whatever the level."},
    "controls.only[]": {"enum": [check.id for check in CHECKS]},
    "exceptions[].allow[].control": {"enum": list(CONTROLS)},
    **{f"controls.{name}.level": _LEVELS for name in EXTRAS},
    **{f"controls.{name}.namespaces": {"minItems": 1, "description": "In these alone."} for name in EXTRAS},
    **{f"controls.{name}": {"description": extra.check.about} for name, extra in EXTRAS.items()},
    "mutation.switches": {"description": "Single defaults, turned after the bundle."},
    "localhostProfiles": {"description": "What is asked of pods that use profiles of the node."},
    "localhostProfiles.mode": {
        "enum": [*_MODES, None],
        "description": "What follows where neither a name nor a label of the namespace says otherwise.",
    },
    "localhostProfiles.nodes": {
        "enum": [*Hold, None],
        "description": "Which of the nodes that a pod may be scheduled to must hold its profiles.",
    },
    "localhostProfiles.namespaces": {"description": "The first that names a namespace decides for it."},
    "localhostProfiles.namespaces[].names": {"minItems": 1, "description": "Or beginnings with a star."},
    "localhostProfiles.namespaces[].mode": {"enum": _MODES},
    "localhostProfiles.addNodeAffinity": {"description": "Keep new pods to nodes that have their profiles."},
    "localhostProfiles.seccompFolder": {"pattern": "^/", "description": "The kubelet's folder of profiles."},
}


def schema() -> dict[str, Any]:
    """The schema as JSON."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": _ID, "title": KIND}
    return {**head, **_schema_of(SHAPE, "")}


def _schema_of(shape: Shape, place: str) -> dict[str, Any]:
    more = _MORE.get(place, {})
    if isinstance(shape, Mapping):
        required = _REQUIRED.get(place)
        return {
            "type": ["object", "null"] if place else "object",
            **more,
            "properties": {
                name: _schema_of(inner, f"{place}.{name}" if place else name) for name, inner in shape.items()
            },
            **({"required": list(required)} if required else {}),
            "additionalProperties": False,
        }
    if isinstance(shape, list):
        return {"type": ["array", "null"], **more, "items": _schema_of(shape[0], f"{place}[]")}
    if isinstance(shape, MapOf):
        values = _schema_of(shape.values, f"{place}.*")
        return {"type": ["object", "null"], **more, "additionalProperties": values}
    if "const" in more or "enum" in more:
        return dict(more)
    if shape is SCALAR:
        return {"type": ["string", "integer", "boolean"], **more}
    return {"type": ["boolean", "null"] if shape is bool else ["string", "null"], **more}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))  # noqa: T201 - printing is what this command is for
