"""AppArmor profiles that old manifests keep in annotations, which the API server copies into fields.

Source: Kubernetes 1.37, creation strategy of pods; enhancement 24, AppArmor, section "Version Skew Strategy".
"""

from collections.abc import Iterator
from typing import Final

from webhook.manifests.defaults_parts import Addition, Manifest, entries, member

APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
"""Prefix of the annotations; the name of a container follows."""

_LONGEST_PROFILE: Final = 4095
_GO_BLANKS: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def app_armor_profiles(pod: Manifest, spec: Manifest) -> Iterator[Addition]:
    """The profiles of containers that have an annotation and no profile; not on Windows.

    One that equals the profile of the pod is not copied: the container has it already.
    """
    annotations = member(member(pod, "metadata"), "annotations")
    if not any(isinstance(key, str) and key.startswith(APP_ARMOR) for key in annotations):
        return
    if member(spec, "os").get("name") == "windows":
        return
    of_pod = member(spec, "securityContext").get("appArmorProfile")
    for containers in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in entries(spec, containers):
            name = container.get("name")
            profile = _profile(annotations.get(f"{APP_ARMOR}{'' if name is None else name}"))
            if profile is not None and not _equal(profile, of_pod) and _has_room(container):
                yield (containers, index, "securityContext", "appArmorProfile"), profile


def _profile(annotation: object) -> dict[str, str] | None:
    """The profile that the value of an annotation stands for; None for one that is not valid."""
    if annotation == "unconfined":
        return {"type": "Unconfined"}
    if annotation == "runtime/default":
        return {"type": "RuntimeDefault"}
    if not isinstance(annotation, str) or not annotation.startswith("localhost/"):
        return None
    name = annotation.removeprefix("localhost/")
    size = len(name.encode(errors="surrogatepass"))
    if not name or name != name.strip(_GO_BLANKS) or size > _LONGEST_PROFILE:
        return None
    return {"type": "Localhost", "localhostProfile": name}


def _equal(profile: dict[str, str], of_pod: object) -> bool:
    return isinstance(of_pod, dict) and all(
        of_pod.get(field) == profile.get(field) for field in ("type", "localhostProfile")
    )


def _has_room(container: Manifest) -> bool:
    context = container.get("securityContext")
    return context is None or (isinstance(context, dict) and context.get("appArmorProfile") is None)
