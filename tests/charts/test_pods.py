"""How our pods run: replaced without a gap, spread, probed, and with what they need."""

import yaml

from tests.charts.conftest import Rendering
from webhook.config import Settings, settings_of

GRACE = 25  # seconds that the server takes to finish what it has begun: ServeOptions.graceful_timeout


def test_replicas_are_replaced_one_by_one_after_the_new_one_is_ready(default: Rendering) -> None:
    spec = default.one("Deployment", default.full_name)["spec"]
    assert spec["replicas"] == 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert spec["minReadySeconds"] > 0


def test_a_pod_has_the_time_to_end_in_order(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        spec = rendering.one("Deployment", rendering.full_name)["spec"]["template"]["spec"]
        sleep = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert spec["terminationGracePeriodSeconds"] >= sleep + GRACE, rendering.name


def test_probes_are_of_the_served_paths_over_tls(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        (container,) = rendering.one("Deployment", rendering.full_name)["spec"]["template"]["spec"][
            "containers"
        ]
        probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")}
        assert {each["scheme"] for each in probes.values()} == {"HTTPS"}, rendering.name
        assert [each["path"] for each in probes.values()] == ["/livez", "/readyz", "/livez"], rendering.name


def test_the_certificate_is_mounted_by_its_keys_so_that_a_pod_waits_for_them(
    renderings: list[Rendering],
) -> None:
    for rendering in renderings:
        spec = rendering.one("Deployment", rendering.full_name)["spec"]["template"]["spec"]
        (tls,) = [each["secret"] for each in spec["volumes"] if each["name"] == "tls"]
        assert [each["key"] for each in tls["items"]] == ["tls.crt", "tls.key"], rendering.name
        assert "subPath" not in str(spec), rendering.name
        named = rendering.value("certificates", "existingSecret") or f"{rendering.full_name}-serving"
        assert tls["secretName"] == named, rendering.name


def test_the_authority_is_mounted_nowhere(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for name, template in rendering.pods():
            assert "-authority" not in str(template["spec"].get("volumes")), (rendering.name, name)


def test_drains_wait_for_one_pod_at_a_time_and_never_for_a_sick_one(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        budgets = rendering.of("PodDisruptionBudget")
        wanted = rendering.value("podDisruptionBudget", "enabled", default=True)
        assert len(budgets) == (1 if wanted and rendering.value("replicas", default=2) > 1 else 0), (
            rendering.name
        )
        for each in budgets:
            assert each["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow", rendering.name
            assert "minAvailable" not in each["spec"], rendering.name


def test_another_configuration_is_another_pod_and_one_that_is_read(renderings: list[Rendering]) -> None:
    sums: dict[str, str] = {}
    for rendering in renderings:
        written = rendering.one("ConfigMap", rendering.full_name)["data"]["pod-security.yaml"]
        found = settings_of(yaml.safe_load(written))
        assert isinstance(found, Settings), rendering.name
        template = rendering.one("Deployment", rendering.full_name)["spec"]["template"]
        checksum = template["metadata"]["annotations"]["checksum/config"]
        if rendering.full_name == "guard-seccomp-webhook" and not rendering.value("commonLabels"):
            assert sums.setdefault(checksum, written) == written, rendering.name
    assert len(sums) == 4


def test_the_arguments_are_those_of_the_program(renderings: list[Rendering]) -> None:
    from webhook.cli.command_group import command_in  # noqa: PLC0415 - only here

    # A command keeps the first help option that it is asked for.
    as_the_program = {"help_option_names": ["-h", "--help"]}
    for rendering in renderings:
        for name, template in rendering.pods():
            (container,) = template["spec"]["containers"]
            command, words = command_in("webhook.cli.commands", container["args"][0]), container["args"][1:]
            context = command.make_context(
                container["args"][0], list(words), resilient_parsing=True, **as_the_program
            )
            while hasattr(command, "resolve_command"):
                _, command, words = command.resolve_command(context, list(words))
                context = command.make_context("x", list(words), resilient_parsing=True, **as_the_program)
            options = {each for parameter in command.params for each in parameter.opts}
            given = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert given <= options, (rendering.name, name)


def test_the_system_s_priority_has_a_quota_where_it_is_asked_for(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        quotas = rendering.of("ResourceQuota")
        wanted = rendering.value("resourceQuota", "enabled", default=False)
        is_prior = rendering.value("priorityClassName", default="system-cluster-critical") != ""
        is_agent_s = rendering.value("agent", "enabled", default=False)
        is_agent_s = is_agent_s and rendering.value("agent", "priorityClassName", default="system") != ""
        assert len(quotas) == (wanted and is_prior) + (wanted and is_agent_s), rendering.name
