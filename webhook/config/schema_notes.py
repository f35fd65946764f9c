"""What the shapes of a configuration do not tell, by the place of the field: patterns, choices, descriptions.

The patterns are those that the file is read by.
"""

from collections.abc import Mapping
from typing import Any, Final

from webhook.config import workloads
from webhook.config.configuration import KIND, VERSION
from webhook.config.exceptions import CONTROLS, DAY
from webhook.config.localhost_profiles import FOLDER
from webhook.config.mutation import BUNDLES
from webhook.config.names import LABEL, LONGEST_LABEL, LONGEST_SUBDOMAIN, SUBDOMAIN
from webhook.nodes.localhost_profiles import Hold, Mode
from webhook.policy import patterns
from webhook.policy.checks import CHECKS
from webhook.policy.extras import EXTRAS
from webhook.policy.labels import MODES
from webhook.policy.standard import Level
from webhook.policy.template_path import PATTERN

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("apiVersion", "kind"),
    "exceptions[]": ("name", "reason", "expires", "match", "allow"),
    "exceptions[].match": ("namespaces",),
    "exceptions[].match.workloads[]": ("kind", "name"),
    "exceptions[].allow[]": ("control",),
    **{f"controls.{name}": ("level",) for name in EXTRAS},
    "workloads[]": ("apiVersions", "kind", "resource", "templates"),
    "localhostProfiles.namespaces[]": ("names", "mode"),
}
"""Fields that must be there, and not ``null``."""


def _whole(pattern: str) -> dict[str, str]:
    return {"pattern": f"^({pattern})$"}


_LEVELS: Final = [str(level) for level in Level]
# The plugin takes the empty text for none. Above so many digits its number has no room.
_VERSION: Final = _whole("|latest|v1\\.(0|[1-9][0-9]{0,17})")
_NAME: Final = _whole(patterns.NAME)

_EXCEPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "": {"description": "Violations that are let pass, for a reason and until a day."},
    "[].name": {
        **_whole(LABEL),
        "maxLength": LONGEST_LABEL,
        "description": "What audit, metric and log call it.",
    },
    "[].reason": {"pattern": "\\S"},
    "[].expires": {
        **_whole(DAY),
        "format": "date",
        "description": "The last day on which it holds, in UTC.",
    },
    "[].match": {"description": "Whom it is for: all parts must agree."},
    "[].match.namespaces": {"minItems": 1, "description": "Names, or beginnings with a star."},
    "[].match.namespaces[]": _NAME,
    "[].match.workloads[].kind": {"minLength": 1},
    "[].match.workloads[].name": _NAME,
    "[].match.serviceAccounts[]": _NAME,
    "[].match.containers": {"description": "It is then for these containers alone."},
    "[].match.containers[]": _NAME,
    "[].match.images": {"description": "REPOSITORY[:TAG][@DIGEST] or PATH/*; as containers."},
    "[].match.images[]": _whole(patterns.IMAGE),
    "[].allow": {"minItems": 1},
    "[].allow[].control": {"enum": list(CONTROLS)},
    "[].allow[].fields": {"description": "As `explain` lists them for the control."},
}
_WORKLOADS: Final[Mapping[str, Mapping[str, Any]]] = {
    "": {"description": "Kinds of somebody's own that hold pods."},
    "[].apiVersions": {"minItems": 1},
    "[].apiVersions[]": _whole(workloads.API_VERSION),
    "[].kind": _whole(workloads.KIND),
    "[].resource": {
        **_whole(workloads.RESOURCE),
        "description": "Its plural name in the API; the rules of the webhook configuration must have it too.",
    },
    "[].templates": {
        "minItems": 1,
        "maxItems": workloads.MOST_PATHS,
        "description": "Where pod templates stand: spec.template, spec.jobs[*].template.",
    },
    "[].templates[]": _whole(PATTERN),
}
_EXTRA: Final[Mapping[str, Mapping[str, Any]]] = {
    ".level": {"enum": _LEVELS, "description": "The lowest one at which it is asked."},
    ".namespaces": {"minItems": 1, "description": "In these alone; without it, in all."},
    ".namespaces[]": _NAME,
}

# An off without quotes is a boolean to YAML as Kubernetes reads it.
_MODES: Final = [*map(str, Mode), False]
_LOCALHOST_PROFILES: Final[Mapping[str, Mapping[str, Any]]] = {
    "": {"description": "What is asked of pods that use profiles of the node."},
    ".mode": {
        "enum": _MODES,
        "description": "What follows where neither a name nor a label of the namespace says otherwise.",
    },
    ".nodes": {
        "enum": [*map(str, Hold)],
        "description": "Which of the nodes that a pod may be scheduled to must hold its profiles.",
    },
    ".namespaces": {"description": "The first that names a namespace decides for it."},
    ".namespaces[].names": {"minItems": 1, "description": "Names, or beginnings with a star."},
    ".namespaces[].names[]": _NAME,
    ".namespaces[].mode": {"enum": _MODES},
    ".addNodeAffinity": {"description": "Keep new pods to nodes that are labeled with their profiles."},
    ".seccompFolder": {**_whole(FOLDER), "description": "The kubelet's folder of seccomp profiles."},
}

NOTES: Final[Mapping[str, Mapping[str, Any]]] = {
    **{f"localhostProfiles{place}": notes for place, notes in _LOCALHOST_PROFILES.items()},
    "apiVersion": {"const": VERSION},
    "kind": {"const": KIND},
    "podSecurity": {"description": "Policy of namespaces without labels, and who is not checked at all."},
    **{f"podSecurity.defaults.{mode}": {"enum": ["", *_LEVELS]} for mode in MODES},
    **{f"podSecurity.defaults.{mode}-version": _VERSION for mode in MODES},
    **{
        f"podSecurity.exemptions.{each}": {"uniqueItems": True}
        for each in ("usernames", "namespaces", "runtimeClasses")
    },
    "podSecurity.exemptions.usernames[]": {"minLength": 1},
    "podSecurity.exemptions.namespaces[]": {**_whole(LABEL), "maxLength": LONGEST_LABEL},
    "podSecurity.exemptions.runtimeClasses[]": {**_whole(SUBDOMAIN), "maxLength": LONGEST_SUBDOMAIN},
    "mutation": {"description": "Defaults that are put into new pods."},
    "mutation.bundle": {"enum": list(BUNDLES), "description": "Switches by one name."},
    "mutation.switches": {"description": "Single defaults, turned after the bundle."},
    **{f"exceptions{place}": note for place, note in _EXCEPTIONS.items()},
    "controls": {"description": "Which controls are asked."},
    "controls.only": {"minItems": 1, "description": "These alone, whatever the level."},
    "controls.only[]": {"enum": [check.id for check in CHECKS]},
    **{f"controls.{name}": {"description": extra.check.about} for name, extra in EXTRAS.items()},
    **{f"controls.{name}{place}": note for name in EXTRAS for place, note in _EXTRA.items()},
    "enforceControllers": {"description": "Whether what makes pods is refused where its pods would be."},
    **{f"workloads{place}": note for place, note in _WORKLOADS.items()},
}
"""What a field must be besides its type, and what it is for."""
