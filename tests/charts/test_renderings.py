"""What holds for every rendering, whatever the values are."""

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
from kubernetes_validate import utils
from referencing import Registry, Resource

from tests.charts.conftest import VALUES, Rendering
from tests.charts.helm import NAMESPACE, Manifest, objects, render
from webhook.policy.engine import evaluate
from webhook.policy.pod import pod_from
from webhook.policy.standard import LATEST, Level, Standard

# The oldest that the chart takes, and those of today.
VERSIONS = ("1.30", "1.34", "1.35", "1.36", "1.37")
RESTRICTED = Standard(Level.RESTRICTED, LATEST)
# Kinds that are defined by custom resources, and no version of Kubernetes has.
OTHERS = {"monitoring.coreos.com/v1", "cert-manager.io/v1"}


@cache
def _validator(version: str, kind: str) -> Any:  # noqa: ANN401 - of a library without types
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    schema = utils.schema_contents(f"{folder}/{kind}.json", version)
    registry = Resource.from_contents(schema) @ _definitions(folder, version)
    return jsonschema.Draft202012Validator(schema, registry=registry)


@cache
def _definitions(folder: str, version: str) -> Any:  # noqa: ANN401 - as above
    return Resource.from_contents(utils.schema_contents(f"{folder}/_definitions.json", version)) @ Registry()


@cache
def _problems(version: str, text: str) -> list[str]:
    """What the API of *version* says against the object in *text*, unknown fields included."""
    written = json.loads(text)
    group, _, number = written["apiVersion"].rpartition("/")
    kind = "-".join(filter(None, (written["kind"].lower(), group.partition(".")[0], number)))
    return [each.message for each in _validator(version, kind).iter_errors(written)]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_of_the_schema_of_kubernetes(renderings: list[Rendering], version: str) -> None:
    for rendering in renderings:
        for each in rendering.objects:
            if each["apiVersion"] not in OTHERS:
                assert _problems(version, json.dumps(each)) == [], (rendering.name, each["metadata"]["name"])


def test_our_own_pods_are_restricted(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for name, template in rendering.pods():
            found = {each.check.id for each in evaluate(pod_from(template), RESTRICTED)}
            # A pod on the host network cannot be baseline, by definition; nothing else may be wrong with it.
            excused = {"hostNamespaces", "hostPorts"} if template["spec"].get("hostNetwork") else set()
            if name == f"DaemonSet {rendering.full_name}-agent":
                # It is there for a folder of the node; only root may write there, and so the installer is.
                excused |= {"hostPathVolumes", "restrictedVolumes"}
                if rendering.value("agent", "installer", "enabled"):
                    excused |= {"runAsNonRoot", "runAsUser"}
            assert found <= excused, (rendering.name, name)


def test_only_the_server_is_on_the_host_network_and_only_if_asked(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        found = {name for name, template in rendering.pods() if template["spec"].get("hostNetwork")}
        asked = {f"Deployment {rendering.full_name}"} if rendering.value("hostNetwork") else set()
        assert found == asked, rendering.name


def test_no_pod_has_what_it_does_not_need(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for name, template in rendering.pods():
            spec = template["spec"]
            where = (rendering.name, name)
            assert (spec["automountServiceAccountToken"], spec["enableServiceLinks"]) == (False, False), where
            for container in spec["containers"]:
                assert container["securityContext"]["readOnlyRootFilesystem"] is True, where
                assert "memory" in container["resources"]["limits"], where
                assert "cpu" not in container["resources"]["limits"], where
                # The entry point of the image is all that runs: there is no shell.
                assert "command" not in container, where
                probes = [container.get(f"{kind}Probe", {}) for kind in ("startup", "readiness", "liveness")]
                assert not any("exec" in probe for probe in probes), where


def test_no_bundle_and_no_key_is_rendered(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for each in rendering.of("Secret", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
            assert "caBundle" not in json.dumps(each), rendering.name
            assert not {"data", "stringData"} & {*each}, rendering.name


def test_every_subject_is_an_account_that_is_there(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        found = [each["metadata"] for each in rendering.of("ServiceAccount")]
        accounts = {(each["namespace"], each["name"]) for each in found}
        if rendering.value("serviceAccount", "create", default=True) is False:
            accounts.add((NAMESPACE, rendering.value("serviceAccount", "name")))
        for binding in rendering.of("RoleBinding", "ClusterRoleBinding"):
            assert binding["subjects"], rendering.name
            for subject in binding["subjects"]:
                assert (subject["namespace"], subject["name"]) in accounts, rendering.name
            roles = {each["metadata"]["name"] for each in rendering.of(binding["roleRef"]["kind"])}
            assert binding["roleRef"]["name"] in roles, rendering.name
        for name, template in rendering.pods():
            assert (NAMESPACE, template["spec"]["serviceAccountName"]) in accounts, (rendering.name, name)


def test_rights_are_by_name_and_the_server_only_reads(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for role in rendering.of("Role", "ClusterRole"):
            where = (rendering.name, role["metadata"]["name"])
            is_server = role["metadata"]["name"] == rendering.full_name
            for rule in role["rules"]:
                assert "*" not in {*rule["verbs"], *rule["resources"], *rule["apiGroups"]}, where
                assert role["kind"] == "Role" or "secrets" not in rule["resources"], where
                if role["metadata"]["name"] == f"{rendering.full_name}-agent":
                    # Of its own node alone, which a role cannot say: see test_agent.py.
                    continue
                assert not {"create", "deletecollection"} & {*rule["verbs"]}, where
                assert {*rule["verbs"]} <= {"get", "list", "watch"} if is_server else rule["resourceNames"], (
                    where
                )


def test_every_object_is_in_the_release_and_says_so(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for each in rendering.objects:
            labels = each["metadata"]["labels"]
            assert labels["app.kubernetes.io/instance"] == "guard", rendering.name
            assert labels.get("team") == rendering.value("commonLabels", "team"), rendering.name
            assert each["metadata"].get("namespace", NAMESPACE) == NAMESPACE, rendering.name


def test_selectors_find_the_pods_of_their_component_alone(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        labels = {name: template["metadata"]["labels"] for name, template in rendering.pods()}

        def selected(wanted: Manifest, labels: Manifest = labels) -> list[str]:
            return [name for name, has in labels.items() if wanted.items() <= has.items()]

        server = [f"Deployment {rendering.full_name}"]
        for each in rendering.of("Service", "PodDisruptionBudget"):
            selector = each["spec"]["selector"]
            assert selected(selector.get("matchLabels", selector)) == server, rendering.name
        for each in rendering.of("Deployment", "DaemonSet"):
            found = selected(each["spec"]["selector"]["matchLabels"])
            assert found == [f"{each['kind']} {each['metadata']['name']}"], rendering.name
        for each in rendering.of("NetworkPolicy"):
            assert selected(each["spec"]["podSelector"]["matchLabels"]) == [*labels], rendering.name


def test_names_are_unique(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        names = [(each["kind"], each["metadata"]["name"]) for each in rendering.objects]
        assert len(names) == len(set(names)), rendering.name


@pytest.mark.parametrize("name", ["default", "profile ha", "pairs 0"])
def test_two_renderings_are_the_same(name: str) -> None:
    assert render(VALUES[name]).out == render(VALUES[name]).out


def test_the_longest_names_still_fit() -> None:
    ran = render({"fullnameOverride": "a" * 63, "certificates": {"mode": "certManager"}})
    assert ran.status == 0
    names = {str(each["metadata"]["name"]) for each in objects(ran.out)}
    assert max(map(len, names)) <= 63


def test_an_image_is_named_by_its_digest_where_there_is_one() -> None:
    digest: Manifest = {"image": {"repository": "r.example/x", "tag": "1", "digest": f"sha256:{'0' * 64}"}}
    assert f"image: r.example/x@sha256:{'0' * 64}\n" in render(digest).out
    assert "image: r.example/x:1\n" in render({"image": {"repository": "r.example/x", "tag": "1"}}).out
