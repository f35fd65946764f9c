"""Who is asked about, when, and what becomes of requests while nobody answers."""

import pytest
from celpy import CELEvalError, Environment, json_to_cel

from tests.charts.conftest import Rendering
from tests.charts.helm import NAMESPACE, Manifest, objects, render
from webhook.config.workloads import rules_for, workloads_in

ALWAYS = {"kube-system", "kube-node-lease", NAMESPACE}
CONFIGURATIONS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
# What the API server fills in where it is not there: a field that is drifts from what was rendered.
DEFAULTED = {"failurePolicy", "matchPolicy", "namespaceSelector", "objectSelector", "timeoutSeconds"}
KNOWN = {
    "pods", "pods/ephemeralcontainers", "namespaces", "podtemplates", "replicationcontrollers", "daemonsets",
    "deployments", "replicasets", "statefulsets", "cronjobs", "jobs",
}  # fmt: skip


def webhooks(rendering: Rendering) -> list[Manifest]:
    return [each for found in rendering.of(*CONFIGURATIONS) for each in found["webhooks"]]


def test_two_validating_webhooks_are_as_upstream_has_them(default: Rendering) -> None:
    enforcing, advising = default.one("ValidatingWebhookConfiguration")["webhooks"]

    assert (enforcing["failurePolicy"], advising["failurePolicy"]) == ("Fail", "Ignore")
    asked = [{name for rule in each["rules"] for name in rule["resources"]} for each in (enforcing, advising)]
    assert asked[0] == {"pods", "pods/ephemeralcontainers", "namespaces"}
    assert asked[1] == KNOWN - asked[0]
    assert enforcing["timeoutSeconds"] == 5
    assert default.of("MutatingWebhookConfiguration") == []


def test_the_own_namespace_and_those_of_the_system_are_never_asked_about(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for each in webhooks(rendering):
            first = each["namespaceSelector"]["matchExpressions"][0]
            assert (first["key"], first["operator"]) == ("kubernetes.io/metadata.name", "NotIn"), (
                rendering.name
            )
            excluded = rendering.value("webhooks", "excludedNamespaces", default=[])
            assert first["values"] == sorted({*ALWAYS, *excluded}), rendering.name


def test_every_field_that_the_api_server_would_fill_in_is_there(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for each in webhooks(rendering):
            wanted = DEFAULTED | ({"reinvocationPolicy"} if each["name"].startswith("mutate") else set())
            assert wanted <= {*each}, (rendering.name, each["name"])
            assert "port" in each["clientConfig"]["service"], rendering.name
            assert all("scope" in rule for rule in each["rules"]), rendering.name


def test_rules_are_narrow_and_the_rest_is_as_the_documentation_asks(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        for each in webhooks(rendering):
            added = {name for rule in extra_workloads(rendering) for name in rule["resources"]}
            asked = {name for rule in each["rules"] for name in rule["resources"]}
            assert asked <= KNOWN | added | {"serviceaccounts"}, rendering.name
            assert all({*rule["operations"]} <= {"CREATE", "UPDATE"} for rule in each["rules"]), (
                rendering.name
            )
            assert each["objectSelector"] == {}, rendering.name
            assert (each["matchPolicy"], each["sideEffects"]) == ("Equivalent", "None"), rendering.name
            assert each["admissionReviewVersions"] == ["v1"], rendering.name
            names = [condition["name"] for condition in each["matchConditions"]]
            assert len(set(names)) == len(names) <= 64, rendering.name


def test_workloads_of_somebodys_own_are_asked_about_by_the_webhook_that_advises(
    renderings: list[Rendering],
) -> None:
    seen = 0
    for rendering in renderings:
        wanted = extra_workloads(rendering)
        for each in rendering.one("ValidatingWebhookConfiguration")["webhooks"]:
            own = [rule for rule in each["rules"] if not KNOWN & {*rule["resources"]}]
            expected = [
                {**rule, "operations": ["CREATE", "UPDATE"], "scope": "Namespaced"} for rule in wanted
            ]
            assert own == (expected if each["name"].startswith("advise") else []), rendering.name
        seen += bool(wanted)
    assert seen


def test_the_rules_are_those_that_config_validate_prints() -> None:
    """What it prints can be given to the chart as it is."""
    workloads = [
        {
            "apiVersions": ["x.io/v1", "x.io/v2"],
            "kind": "Thing",
            "resource": "things",
            "templates": ["spec.pod"],
        }
    ]
    rules = rules_for(workloads_in(workloads))

    found = render({"webhooks": {"extraWorkloads": rules}})
    [validating] = [each for each in objects(found.out) if each["kind"] == "ValidatingWebhookConfiguration"]
    assert validating["webhooks"][1]["rules"][-1] == {
        "apiGroups": ["x.io"],
        "apiVersions": ["v1", "v2"],
        "operations": ["CREATE", "UPDATE"],
        "resources": ["things"],
        "scope": "Namespaced",
    }


def extra_workloads(rendering: Rendering) -> list[Manifest]:
    found: list[Manifest] = rendering.value("webhooks", "extraWorkloads", default=[])
    return found


def test_a_mutating_webhook_asks_again_and_never_about_a_pod_that_is_there(
    renderings: list[Rendering],
) -> None:
    for rendering in renderings:
        found = rendering.of("MutatingWebhookConfiguration")
        assert bool(found) is rendering.value("mutation", "enabled", default=False), rendering.name
        for each in found[0]["webhooks"] if found else ():
            assert each["reinvocationPolicy"] == "IfNeeded", rendering.name
            asked = {(rule["resources"][0], rule["operations"][0]) for rule in each["rules"]}
            accounts = rendering.value("mutation", "serviceAccounts", default=False)
            more = {("serviceaccounts", "CREATE")} if accounts else set()
            assert asked == {("pods", "CREATE"), ("pods/ephemeralcontainers", "UPDATE"), *more}, (
                rendering.name
            )


def test_where_nothing_is_refused_a_webhook_that_is_away_refuses_nothing(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        is_audit = rendering.value("mode", default="enforce") == "audit"
        validating = rendering.one("ValidatingWebhookConfiguration")["webhooks"]
        (server,) = rendering.one("Deployment", rendering.full_name)["spec"]["template"]["spec"]["containers"]
        assert ("--audit-only" in server["args"]) is is_audit, rendering.name
        wanted = rendering.value("webhooks", "failurePolicy", default="Fail")
        assert validating[0]["failurePolicy"] == ("Ignore" if is_audit else wanted), rendering.name
        assert validating[1]["failurePolicy"] == "Ignore", rendering.name


def test_whoever_publishes_certificates_knows_every_configuration(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        name = rendering.full_name
        controllers = [
            each["spec"]["template"]["spec"]["containers"][0]["args"]
            for each in rendering.of("Deployment")
            if each["metadata"]["name"] == f"{name}-certificates"
        ]
        for arguments in controllers:
            assert f"--validating={name}" in arguments, rendering.name
            mutates = rendering.value("mutation", "enabled", default=False)
            assert (f"--mutating={name}" in arguments) is mutates, rendering.name
        injected = [
            each["metadata"].get("annotations", {}).get("cert-manager.io/inject-ca-from")
            for each in rendering.of(*CONFIGURATIONS)
        ]
        is_manager = rendering.value("certificates", "mode") == "certManager"
        assert all(each == (f"{NAMESPACE}/{name}-serving" if is_manager else None) for each in injected)
        is_unpublished = rendering.value("certificates", "publish", default=True) is False
        assert bool(controllers) is not (is_manager or is_unpublished), rendering.name


def test_the_hook_names_every_configuration_that_there_is(renderings: list[Rendering]) -> None:
    for rendering in renderings:
        made = {f"{each['kind']}/{each['metadata']['name']}" for each in rendering.of(*CONFIGURATIONS)}
        for job in rendering.of("Job"):
            (container,) = job["spec"]["template"]["spec"]["containers"]
            assert container["args"][:2] == ["registration", "remove"], rendering.name
            assert {each for each in container["args"] if "Configuration/" in each} == made, rendering.name
            assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-delete", rendering.name


NODE = ["system:nodes", "system:authenticated"]
MIRROR = {"metadata": {"annotations": {"kubernetes.io/config.mirror": "5f2c"}}}
PLAIN = {"metadata": {"annotations": {"a": "b"}}}


@pytest.mark.parametrize(
    ("groups", "obj", "is_asked_about"),
    [
        (["system:authenticated"], PLAIN, True),
        (["system:authenticated"], {"metadata": {}}, True),
        (["system:authenticated"], MIRROR, True),
        (NODE, MIRROR, False),
        (NODE, PLAIN, True),
        (NODE, {"metadata": {}}, True),
        (["system:bootstrappers", "system:authenticated"], PLAIN, False),
        (["system:serviceaccounts"], PLAIN, True),
        (None, PLAIN, True),
        (None, MIRROR, True),
    ],
)
def test_conditions_keep_out_what_nodes_write_while_they_start_and_nothing_else(
    default: Rendering, groups: list[str] | None, obj: Manifest, *, is_asked_about: bool
) -> None:
    who = {"username": "x"} | ({} if groups is None else {"groups": groups})
    given = {"request": {"userInfo": who, "operation": "CREATE"}, "object": obj}
    for each in webhooks(default):
        conditions = [holds(condition["expression"], given) for condition in each["matchConditions"]]
        assert all(conditions) is is_asked_about


def test_a_condition_of_the_users_is_one_more(default: Rendering) -> None:
    mine = {"name": "not-alice", "expression": 'request.userInfo.username != "alice"'}
    ran = render({"webhooks": {"matchConditions": [mine]}})
    (configuration,) = [each for each in objects(ran.out) if each["kind"] == CONFIGURATIONS[0]]
    ours = webhooks(default)[0]["matchConditions"]
    assert configuration["webhooks"][0]["matchConditions"] == [*ours, mine]


def test_every_condition_is_of_the_language(renderings: list[Rendering]) -> None:
    texts = {
        condition["expression"]
        for rendering in renderings
        for each in webhooks(rendering)
        for condition in each["matchConditions"]
    }
    assert any("authorizer" in text for text in texts)
    for text in texts:
        Environment().compile(text)


def holds(expression: str, given: Manifest) -> bool:
    """Whether the condition holds; one that fails is a failure here, as the API server would refuse then."""
    environment = Environment()
    program = environment.program(environment.compile(expression))
    try:
        return bool(program.evaluate({name: json_to_cel(value) for name, value in given.items()}))
    except CELEvalError as error:
        pytest.fail(f"{expression}: {error}")
